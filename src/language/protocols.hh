#pragma once

#include "language/draft.hh"

/// Parts of what a node says about its protocols. Each reports what is wrong and then leaves the
/// value as it was.
namespace hopyard::language {

/// A time in whole seconds from @p least to @p most, as the packets of protocols carry it.
[[nodiscard]] std::optional<std::uint32_t> read_seconds(Values& values, const Yaml& value,
                                                        std::string_view what, std::int64_t least,
                                                        std::int64_t most = 65535);
void read_bgp_timers(Values& values, const Yaml& value, lab::Bgp& bgp);
void read_ospf_timers(Values& values, const Yaml& value, lab::Ospf& ospf);
void read_rip(Values& values, const Yaml& value, NodeDraft& draft);
void read_isis(Values& values, const Yaml& value, lab::Isis& isis, NodeDraft& draft);

}  // namespace hopyard::language
