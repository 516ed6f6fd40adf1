#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// Programs that join a network namespace with the network that they are started in, without any right there.
enum class WayOutProgram : std::uint8_t { Pasta, Slirp4netns };

/// The first of them that is in PATH.
[[nodiscard]] std::optional<WayOutProgram> find_way_out_program();
/// The name that the tap gets: that of the host's interface which is to be used, so that rules name it alike.
[[nodiscard]] std::string device_for(const net::WayOut& way);
/// The addresses at which the program takes questions for the name servers that the host has on its own
/// loopback. @param four, @param six whether it has one of that family, which others cannot answer for.
[[nodiscard]] std::vector<IpAddress> forwarded_name_servers(WayOutProgram program, bool four, bool six);
/// What to run, following pasta(1) and slirp4netns(1). @param netns a path that leads to the namespace.
/// @param names questions come to the addresses of forwarded_name_servers().
[[nodiscard]] std::vector<std::string> words_for(WayOutProgram program, const net::WayOut& way,
                                                 const std::string& netns, bool names);
/// The lines of what such a program said that say why it ended.
[[nodiscard]] std::string reason_in(std::string_view said);
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace hopyard::keeper
