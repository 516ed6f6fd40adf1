#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "lab/segments.hh"
#include "language/draft.hh"
#include "language/given.hh"
#include "language/lookup.hh"
#include "language/pool.hh"

namespace hopyard::language {

/// The part of numbering that is about DHCP: who asks for addresses, who hands them out, and which.
class Dhcp {
 public:
  using Run = std::pair<Number, Number>;  ///< first and last address

  /// Both outlive it.
  Dhcp(Draft& draft, const std::vector<lab::Segment>& segments) : draft_(draft), segments_(segments) {}

  /// Marks the interfaces that ask, and looks up those that are served. To be called when
  /// Draft::first_interface and Draft::segment_of are known.
  /// @param given whether the file gives an interface addresses, by its flat number.
  void prepare(const std::function<bool(std::uint32_t)>& given);
  /// What is handed out in @p prefix of a segment, as far as the file says it: not for interfaces to take.
  [[nodiscard]] std::vector<Run> reserved(std::uint32_t segment, const Prefix& prefix);
  /// Gives servers their subnets and hosts, once all interfaces have their addresses and MACs.
  void finish();

 private:
  void find_clients(std::uint32_t node, const std::function<bool(std::uint32_t)>& given);
  void find_served(std::uint32_t node, InterfaceLookup& lookup);
  void add_subnets(std::uint32_t node, std::uint32_t interface);
  void add_subnet(std::uint32_t node, std::uint32_t interface, const InterfaceAddress& own);
  void check_ranges(std::uint32_t node);
  void add_host(std::uint32_t node, const AddressDraft& host);
  [[nodiscard]] bool find_mac(std::uint32_t node, const Text& key, lab::DhcpHost& host,
                              std::optional<std::uint32_t>& segment);
  /// The subnet that an address of a host is in; nothing, and reported, if that cannot be told.
  [[nodiscard]] const lab::DhcpSubnet* subnet_of(std::uint32_t node, const Given& given,
                                                 std::optional<std::uint32_t> segment);
  void check_free(std::uint32_t segment, const Given& given);
  void check_not_given(std::uint32_t node, const Given& given);
  void warn_of_unserved(std::uint32_t node);

  /// The run that a text of `range` means in @p prefix; nothing, perhaps reported, if it means none there.
  [[nodiscard]] std::optional<Run> run_in(const Text& range, const Prefix& prefix, std::string_view segment);
  /// What is left of @p run without the addresses that nodes of the segment have.
  [[nodiscard]] std::vector<Run> without_members(const Run& run, std::uint32_t segment,
                                                 const Prefix& prefix) const;
  /// The longest run of @p prefix that nobody in the segment has.
  [[nodiscard]] std::optional<Run> longest_free(std::uint32_t segment, const Prefix& prefix);
  [[nodiscard]] std::uint32_t segment_of(std::uint32_t node, std::uint32_t interface) const {
    return draft_.segment_of[draft_.first_interface[node] + interface];
  }
  [[nodiscard]] std::string name_of(std::uint32_t node, std::uint32_t interface) const;
  [[nodiscard]] std::string segment_name(std::uint32_t segment) const;

  Draft& draft_;
  const std::vector<lab::Segment>& segments_;
  std::vector<std::uint32_t> servers_;  ///< nodes
  std::vector<bool> has_client_;        ///< by segment
  std::vector<bool> has_server_;
};

}  // namespace hopyard::language
