#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/kernel.hh"
#include "kernel/shared.hh"
#include "kernel/types/types.hh"
#include "netlink/batch.hh"
#include "netlink/link.hh"
#include "netlink/route.hh"
#include "netlink/socket.hh"
#include "sys/fd.hh"

namespace hopyard::kernel {

/// A namespace of the running kernel. A socket opened inside it does all but sysctls and rulesets, from
/// wherever the thread is.
class RealNamespace : public Namespace {
 public:
  /// A new one; the calling thread is inside it until leave().
  [[nodiscard]] static Result<std::unique_ptr<Namespace>> create(std::shared_ptr<RealKernel::Shared> shared);
  RealNamespace(std::shared_ptr<RealKernel::Shared> shared, sys::Fd netns, std::uint32_t first_index,
                netlink::Socket socket);

  [[nodiscard]] int descriptor() const override { return netns_.get(); }
  void attribute_to(std::uint32_t operation) override;
  [[nodiscard]] std::uint32_t refused() const override { return refused_; }
  void leave() override { visit_.reset(); }
  Result<> write_sysctl(const net::Sysctl& sysctl) override;
  Result<> create_veth(const net::Namespace& own, std::uint32_t device, Namespace& peer,
                       const net::Namespace& theirs, std::uint32_t peer_device) override;
  Result<> create_bridge(const net::Namespace& own, std::uint32_t device) override;
  Result<> create_device(const net::Namespace& own, std::uint32_t device, Namespace& lower,
                         const net::Namespace& lowers) override;
  Result<> create_tap(const net::Namespace& own, std::uint32_t device) override;
  Result<> sum_first(const net::Namespace& own, std::uint32_t device) override;
  Result<> shape(const net::Namespace& own, std::uint32_t device, const net::Impairment& impairment) override;
  Result<> set_up(const net::Namespace& own, std::uint32_t device) override;
  Result<> set_down(const net::Namespace& own, std::uint32_t device) override;
  Result<> add_address(const net::Namespace& own, std::uint32_t device, const InterfaceAddress& address,
                       Existing existing) override;
  Result<> add_neighbour(const net::Namespace& own, std::uint32_t device,
                         const net::Neighbour& neighbour) override;
  Result<> add_route(const net::Namespace& own, const net::Route& route, Existing existing) override;
  Result<> add_rule(const net::Rule& rule) override;
  Result<> load_ruleset(const std::string& text) override;
  Result<std::string> list_rulesets() override;
  [[nodiscard]] std::uint32_t number_of(const net::Namespace& own, std::uint32_t device) const override {
    return index_of(own, device);
  }
  Result<> await_ipv6(const net::Namespace& own, std::uint32_t device) override;
  Result<> make_room(const net::Namespace& own, std::uint32_t device) override;
  Result<> adjust(const net::Namespace& own, std::uint32_t device, std::uint32_t what) override;
  Result<> commit() override;
  Result<> rest() override;

 protected:
  struct Channel {
    explicit Channel(netlink::Socket opened) : socket(std::move(opened)), batch(socket) {}
    netlink::Socket socket;
    netlink::Batch batch;
  };

  /// The interface index of a device. The numbers follow from the place of the device, so nobody need ask the
  /// kernel, and the two ends of a pair never have the same one: the kernel takes a device whose own index is
  /// that of its other end for a simple one, and lets it wait up to a second until it may send
  /// (linkwatch_urgent_event).
  [[nodiscard]] virtual std::uint32_t index_of(const net::Namespace& own, std::uint32_t device) const;
  [[nodiscard]] Result<std::uint32_t> index_of(const net::Namespace& own, const std::string& name) const;
  /// Before something is made on a device: it may have another index since, if it is not the lab's.
  [[nodiscard]] virtual Result<> find_again(const net::Namespace&, std::uint32_t) { return {}; }
  [[nodiscard]] Result<netlink::Batch*> batch();
  /// Keeps the operation that @p outcome, of the batch, is about.
  [[nodiscard]] Result<> seen(Result<> outcome);
  [[nodiscard]] static netlink::Rule lowered(const net::Rule& rule);
  [[nodiscard]] Result<netlink::Route> lowered(const net::Namespace& own, const net::Route& route) const;
  /// Gives a device of Kind::Existing to another namespace; only one that is there before the lab has any.
  [[nodiscard]] virtual Result<> hand_over(const net::Namespace& own, std::uint32_t device,
                                           const netlink::Destination& to);
  /// Has a device come from the namespace that @p link says, which is @p home.
  [[nodiscard]] Result<> receive(const net::Namespace& own, std::uint32_t device, RealNamespace& home,
                                 const net::Namespace& homes);
  virtual void leave_bridged_frames_alone();
  /// The name that a device is to be made under; what was gathered before is committed if it is not its own.
  [[nodiscard]] virtual Result<std::string> name_at_birth(const net::Namespace& own, std::uint32_t device);
  /// A device has been made, or is about to be by what was gathered, under @p name: it gets its own.
  [[nodiscard]] virtual Result<> born(const net::Namespace& own, std::uint32_t device, std::string_view name);
  /// In a team that has one active port, the first one becomes that, and each gets the MAC of the team.
  [[nodiscard]] Result<> choose_port(const net::Namespace& own, std::uint32_t device);
  [[nodiscard]] Result<> configure(const TypeEntry& type, std::uint32_t index, const net::LinkSettings& link);
  /// Commits what another namespace gathered for the sake of this one.
  [[nodiscard]] Result<> commit_of(RealNamespace& maker);
  /// Asks again, for a while, as long as the kernel says that what is asked for is @p taken (errno).
  [[nodiscard]] static Result<> once_free(int taken, const std::function<Result<>()>& ask);
  [[nodiscard]] Result<> take_port(std::uint32_t index);
  [[nodiscard]] Result<> add_floods(std::uint32_t index, const net::LinkSettings& link);
  [[nodiscard]] Result<> create_and_fetch(const net::Namespace& own, std::uint32_t device,
                                          RealNamespace& maker, netlink::NewDevice made,
                                          const std::function<void(netlink::Batch&)>& data);
  /// Takes a name away from a device that a module has put into every namespace (gre0, sit0).
  [[nodiscard]] virtual Result<> free_name(const std::string& name);

  std::shared_ptr<RealKernel::Shared> shared_;
  sys::Fd netns_;
  std::uint32_t first_index_;
  std::map<std::uint32_t, std::uint32_t> renumbered_;  // devices that could not get the index of their place
  std::uint32_t operation_ = UINT32_MAX;
  std::uint32_t refused_ = UINT32_MAX;
  std::unique_ptr<Channel> channel_;
  std::optional<sys::InsideNetns> visit_;  // of the thread that made it, until leave()
};

}  // namespace hopyard::kernel
