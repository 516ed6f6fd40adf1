#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "lab/lab.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// On which machines of a lab its wires and networks are.
class Homes {
 public:
  /// @param whole the whole lab, lowered: the namespaces of the nodes in their order, then those of networks.
  Homes(const lab::Lab& lab, const net::Desired& whole);

  /// The one machine that makes wire @p index; net::none when it spans two.
  [[nodiscard]] std::uint32_t of_wire(std::uint32_t index) const { return wires_[index]; }
  /// The machines that have a part of the namespace: one for a node's, more for a network's that spans them.
  [[nodiscard]] const std::set<std::uint32_t>& of_namespace(std::uint32_t ns) const {
    return namespaces_[ns];
  }
  /// What every machine calls a wire or network that spans machines by: VNI or GRE's key. No two are alike.
  /// 0 for all others.
  [[nodiscard]] std::uint32_t id_of_wire(std::uint32_t index) const { return wire_ids_[index]; }
  [[nodiscard]] std::uint32_t id_of_namespace(std::uint32_t ns) const { return namespace_ids_[ns]; }

 private:
  void find(const lab::Lab& lab, const net::Desired& whole);
  void number(const lab::Lab& lab, const net::Desired& whole);

  std::vector<std::uint32_t> wires_;
  std::vector<std::set<std::uint32_t>> namespaces_;
  std::vector<std::uint32_t> wire_ids_;
  std::vector<std::uint32_t> namespace_ids_;
};

}  // namespace hopyard::lower
