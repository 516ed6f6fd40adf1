#include "keeper/limited.hh"

#include "sys/rights.hh"

namespace hopyard::keeper {

Result<> limit_rights(const net::Rights& rights, net::CapabilitySet spared) {
  if (rights.seccomp) HOPYARD_TRY(sys::refuse_kernel_calls());
  if (rights.capabilities == net::all_capabilities) return {};
  HOPYARD_TRY(sys::bound_capabilities(rights.capabilities));
  return sys::keep_capabilities(rights.capabilities | spared);
}

}  // namespace hopyard::keeper
