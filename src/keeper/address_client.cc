#include "keeper/address_client.hh"

#include "plan/drift.hh"

namespace hopyard::keeper {

std::string client_of(const plan::Operation& step, const net::Desired& desired) {
  if (step.verb != plan::Verb::SetUp || step.device == net::none) return {};
  return plan::address_client(desired.namespaces[step.ns], step.device);
}

}  // namespace hopyard::keeper
