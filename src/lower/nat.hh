#pragma once

#include <string>

#include "lab/lab.hh"

namespace hopyard::lower {

/// The nftables text (nft(8)) that masquerades what leaves the node by the interfaces of its `nat_out`, and
/// leads the ports of its `forwards` on for what comes in there for an
/// address of the node's own.
[[nodiscard]] std::string nat_ruleset(const lab::Node& node, std::string_view table = "hopyard_nat");

}  // namespace hopyard::lower
