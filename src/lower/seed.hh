#pragma once

#include <span>
#include <string>
#include <vector>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Where a virtual machine's node has the disk that cloud-init of the guest reads.
inline constexpr const char* seed_image = "/run/qemu/seed";

/// The addresses of the guest's cards, its routes and name servers in cloud-init's form, version 2
/// (cloudinit.readthedocs.io, "Networking config version 2"), written as JSON, which is YAML as well.
[[nodiscard]] std::string network_config(const lab::Node& node, std::span<const net::Route> routes,
                                         const lab::Resolver& resolver);

/// Gives each virtual machine that has a seed its disk: NoCloud with the label "cidata". What the file does
/// not say is written from the lab. @p routes by node: what a host would have there.
void add_seeds(const lab::Lab& lab, std::span<const lab::Segment> segments,
               std::span<const std::vector<net::Route>> routes, net::Desired& desired);

}  // namespace hopyard::lower
