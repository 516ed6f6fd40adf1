#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// A part of a lab that a person can name.
struct Target {
  enum class Kind : std::uint8_t { Node, Interface, Wire };
  Kind kind = Kind::Node;
  std::uint32_t ns = net::none;      ///< of a node or an interface
  std::uint32_t device = net::none;  ///< of an interface
  std::uint32_t wire = net::none;    ///< of a link, or the one that the interface is an end of
  bool reversed = false;             ///< the link was named from its second end to its first
};

/// Finds the parts of a lab by the names that people call them.
class Directory {
 public:
  /// @param desired outlives the directory, and its names stay as they are.
  explicit Directory(const net::Desired& desired);

  /// "r1": the index of the namespace. Networks are found too.
  [[nodiscard]] Result<std::uint32_t> node(std::string_view name) const;
  /// "r1", "r1:eth0", "r1:eth0 -- r2:eth1", the same from the other end, or "r1 -- r2" where one link alone
  /// is between the two.
  [[nodiscard]] Result<Target> target(std::string_view text) const;
  /// The wire that the device is an end of, none if it is none.
  [[nodiscard]] std::uint32_t wire_of(std::uint32_t ns, std::uint32_t device) const {
    return wires_[ns][device];
  }

 private:
  struct EndName {
    std::string_view node;
    std::string_view interface;  ///< empty for any
  };
  [[nodiscard]] static EndName end_name(std::string_view text);
  [[nodiscard]] bool matches(const net::Wire& wire, int end, const EndName& name) const;
  [[nodiscard]] Result<Target> link(std::string_view first, std::string_view second,
                                    std::string_view text) const;
  [[nodiscard]] Result<Target> interface(std::string_view node, std::string_view interface) const;

  const net::Desired* desired_;
  std::unordered_map<std::string_view, std::uint32_t> nodes_;
  std::vector<std::vector<std::uint32_t>> wires_;  ///< by namespace and device
};

}  // namespace hopyard::keeper
