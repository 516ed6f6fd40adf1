#include "engine/engine.hh"

#include <utility>

#include "engine/apply.hh"
#include "engine/build.hh"

namespace hopyard::engine {

Result<Namespaces> build(const plan::Plan& plan, const net::Desired& desired, kernel::Kernel& kernel,
                         const Options& options) {
  HOPYARD_TRY(kernel.prepare(desired));
  return Build(plan, desired, kernel, options).run();
}

Result<> run(std::span<const plan::Operation> operations, const net::Desired& desired, kernel::Kernel&,
             Namespaces& namespaces) {
  for (const plan::Operation& operation : operations) {
    kernel::Namespace& ns = *namespaces[operation.ns];
    // Each at once: the next may be in another namespace and build on it.
    Result<> outcome = apply(operation, desired, namespaces, kernel::Existing::Replace);
    Result<> rested = ns.rest();
    if (outcome) outcome = std::move(rested);
    if (!outcome) return std::unexpected(about(operation, desired, std::move(outcome).error()));
  }
  return {};
}

}  // namespace hopyard::engine
