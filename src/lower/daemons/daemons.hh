#pragma once

#include <span>
#include <string>
#include <vector>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "lower/daemons/peers.hh"
#include "net/desired.hh"

namespace hopyard::lower::daemons {

/// Gives the nodes that run routing protocols the daemons that they need: configurations, folders, services.
/// A file that the node has already is left as it is, so that the person's own wins.
/// @p desired holds the namespaces of all nodes, in the order of the lab.
void add_daemons(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired);

/// What BIRD 2 reads in the node (https://bird.network.cz/?get_doc&f=bird.html).
[[nodiscard]] std::string bird_configuration(const lab::Node& node, const Speaker& speaker);
void add_bird(const lab::Node& node, const Speaker& speaker, net::Machine& machine);

/// What each daemon of FRR 8 reads in the node (https://docs.frrouting.org).
/// What begins them all: the password is for telnet to the daemon's port.
[[nodiscard]] std::string head(const lab::Node& node);
[[nodiscard]] std::string zebra_configuration(const lab::Node& node, const Speaker& speaker);
[[nodiscard]] std::string bgpd_configuration(const lab::Node& node, const Speaker& speaker);
[[nodiscard]] std::string ospfd_configuration(const lab::Node& node, const Speaker& speaker);
[[nodiscard]] std::string ospf6d_configuration(const lab::Node& node, const Speaker& speaker);
/// Of ripd for IPv4 (RFC 2453), of ripngd for IPv6 (RFC 2080).
[[nodiscard]] std::string ripd_configuration(const lab::Node& node, const Speaker& speaker, Family family);
/// Of isisd (ISO 10589; RFC 1195 for IPv4, RFC 5308 for IPv6).
[[nodiscard]] std::string isisd_configuration(const lab::Node& node, const Speaker& speaker);
/// A configuration for all daemons of FRR at once as one of them can read it from a file: without the lines
/// "exit" and "end", which would end the reading where the daemon does not know the block that they close.
[[nodiscard]] std::string integrated_configuration(const std::string& text);
void add_frr(const lab::Node& node, const Speaker& speaker, net::Machine& machine);

/// Adds a file unless the node has one of that path. True if it was added.
bool add_file(net::Machine& machine, net::File file);
[[nodiscard]] bool has_file(const net::Machine& machine, std::string_view path);

/// The four numbers of @p area with dots between.
[[nodiscard]] std::string area_text(std::uint32_t area);
/// How often is spoken on an interface, and how long a neighbour may be silent, in seconds.
struct Timers {
  std::uint32_t often = 0;  ///< 0 for what the daemon has by itself, and so on
  std::uint32_t silent = 0;
};
/// BGP's keepalive and hold time: as given, a third of the other where one alone is, 3 and 9 in a laboratory.
[[nodiscard]] Timers bgp_timers(const lab::Dynamic& dynamic);
/// BGP's connect retry time; 0 for the daemon's.
[[nodiscard]] std::uint32_t connect_retry(const lab::Dynamic& dynamic);
/// OSPF's hello and dead interval: as given, a quarter of the other where one alone is, 1 and 4 in a
/// laboratory.
[[nodiscard]] Timers ospf_timers(const lab::Dynamic& dynamic, const IgpInterface& interface);

/// @p name without the bytes that would end a line or a quoted text.
[[nodiscard]] std::string words_of(std::string_view name);

}  // namespace hopyard::lower::daemons
