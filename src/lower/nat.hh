#pragma once

#include <string>
#include <vector>

namespace hopyard::lower {

/// The nftables text that masquerades what leaves by any of @p interfaces, IPv4 and IPv6 (nft(8),
/// "masquerade").
[[nodiscard]] std::string nat_ruleset(const std::vector<std::string>& interfaces);

}  // namespace hopyard::lower
