#pragma once

#include "net/desired.hh"

namespace hopyard::lower {

/// Gives each rule without a priority the one that the kernel would choose for it in a new namespace: one
/// less than the second of all rules (fib_default_rule_pref of net/core/fib_rules.c). So every rule of the
/// lab has a place that is known. In namespaces that are there before the lab the kernel chooses.
void place_rules(net::Desired& desired);

}  // namespace hopyard::lower
