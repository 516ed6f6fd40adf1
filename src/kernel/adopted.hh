#pragma once

#include <map>
#include <set>

#include "kernel/journal.hh"
#include "kernel/real_namespace.hh"
#include "kernel/takeover.hh"
#include "netlink/link.hh"

namespace hopyard::kernel {

/// A namespace that is there before the lab and stays after it. Every change that does not go with the lab's
/// own devices is noted in the lab's journal first, and every device that the lab makes here carries the
/// lab's stamp, an alternative name: only what has it is ever taken away. Settings that a new namespace gets
/// are not given to it.
class AdoptedNamespace final : public RealNamespace {
 public:
  struct Door {
    int netns;  ///< stays the caller's
    Place place;
    std::uint32_t number;  ///< of the place in the journal
  };
  /// The calling thread is inside until leave(). An error when a device of kind Existing is not there.
  [[nodiscard]] static Result<std::unique_ptr<Namespace>> adopt(std::shared_ptr<RealKernel::Shared> shared,
                                                                const Door& door, const net::Namespace& own);
  AdoptedNamespace(std::shared_ptr<RealKernel::Shared> shared, sys::Fd netns, std::uint32_t first_index,
                   netlink::Socket socket, Door door, std::map<std::uint32_t, std::uint32_t> existing);

  Result<> write_sysctl(const net::Sysctl& sysctl) override;
  Result<> create_device(const net::Namespace& own, std::uint32_t device, Namespace& lower,
                         const net::Namespace& lowers) override;
  Result<> set_up(const net::Namespace& own, std::uint32_t device) override;
  Result<> add_address(const net::Namespace& own, std::uint32_t device, const InterfaceAddress& address,
                       Existing existing) override;
  Result<> add_route(const net::Namespace& own, const net::Route& route, Existing existing) override;
  Result<> add_rule(const net::Rule& rule) override;
  Result<> load_ruleset(const std::string& text) override;

 protected:
  [[nodiscard]] std::uint32_t index_of(const net::Namespace& own, std::uint32_t device) const override;
  /// Somebody may have made it anew.
  Result<> find_again(const net::Namespace& own, std::uint32_t device) override;
  /// A name that is taken here is somebody's.
  Result<> free_name(const std::string&) override { return {}; }
  Result<> hand_over(const net::Namespace& own, std::uint32_t device,
                     const netlink::Destination& to) override;
  /// How bridged frames are filtered here is not the lab's to say.
  void leave_bridged_frames_alone() override {}
  /// One that nobody has, and that is noted: between the making of a device and its stamp it is known by
  /// that.
  Result<std::string> name_at_birth(const net::Namespace& own, std::uint32_t device) override;
  Result<> born(const net::Namespace& own, std::uint32_t device, std::string_view name) override;

 private:
  [[nodiscard]] Result<> wake_loopback();
  /// The calling thread is inside. @param links where the setting is of forwarding, all there are.
  [[nodiscard]] Result<> write_noted(const std::string& path, const std::string& value,
                                     const std::vector<netlink::LinkInfo>& links);
  [[nodiscard]] Result<> keep_advertisements(const sys::Procfs& procfs,
                                             const std::vector<netlink::LinkInfo>& links);
  /// Has the kernel do what @p add asks for, by one request that @p undo undoes, which is noted first. EEXIST
  /// where it is @p taken by somebody else: it would be undone to them.
  template <class Add>
  [[nodiscard]] Result<> noted(Add add, std::span<const char> undo, bool taken);
  /// noted(), to be taken away again, where @p what it adds is not there_already().
  template <class Add, class... What>
  [[nodiscard]] Result<> added(Add add, const What&... what);
  /// The bridge that @p device is to be a port of gets its MAC, addresses and routes; an error, and nothing
  /// stays done, when the gateway no longer answers then.
  [[nodiscard]] Result<> take_over(const net::Namespace& own, std::uint32_t device);
  [[nodiscard]] Result<> await_gateway(const net::Takeover& takeover, const IpAddress& gateway,
                                       std::uint32_t bridge);
  /// Notes that an interface gets addresses and routes back, without a search for duplicates, which nobody
  /// could have taken meanwhile.
  [[nodiscard]] Result<> note_return(const std::string& interface, const Belongings& belongings);
  [[nodiscard]] Result<> note_departure(const netlink::LinkInfo& link, const std::string& stamp);
  [[nodiscard]] std::string stamp_of(const net::Namespace& own, std::uint32_t device) const;
  /// The request that deletes what has the device's stamp.
  [[nodiscard]] Result<std::vector<char>> without_stamp(const net::Namespace& own,
                                                        std::uint32_t device) const;
  [[nodiscard]] Result<> stamp(const net::Namespace& own, std::uint32_t device);

  Door door_;
  std::map<std::uint32_t, std::uint32_t> existing_;  ///< index of each device that was there before
  std::set<std::uint32_t> stamped_;
};

}  // namespace hopyard::kernel
