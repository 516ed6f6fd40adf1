#pragma once

#include <cstdint>
#include <set>

#include "lab/lab.hh"
#include "lower/names.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Makes the tunnels of one machine's part of a lab to the other machines.
class Tunnels {
 public:
  /// @param part what the tunnels are added to; it outlives this.
  Tunnels(const lab::Lab& lab, std::uint32_t machine, net::Desired& part)
      : lab_(lab), machine_(machine), part_(part) {}

  /// Makes tunnels ports of the bridge that namespace @p ns has for its first device, to those of @p machines
  /// that are others. What comes in by one of them goes out by none of them.
  void add(std::uint32_t ns, const std::set<std::uint32_t>& machines, std::uint32_t id);

 private:
  [[nodiscard]] std::uint32_t outer();
  [[nodiscard]] std::uint32_t add_between(std::string_view name);
  void add_wireguard();
  [[nodiscard]] net::Device tunnel(std::uint32_t ns, PortNames& names, std::string_view to,
                                   net::LinkSettings settings);

  const lab::Lab& lab_;
  std::uint32_t machine_;
  net::Desired& part_;
  std::uint32_t outer_ = net::none;
};

}  // namespace hopyard::lower
