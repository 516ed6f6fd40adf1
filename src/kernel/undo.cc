#include "kernel/undo.hh"

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "netlink/batch.hh"
#include "sys/netns.hh"
#include "sys/procfs.hh"

namespace hopyard::kernel {
namespace {

// No such device, address, route, rule or table; there already.
constexpr std::array already{ENODEV, EADDRNOTAVAIL, ESRCH, ENOENT, EEXIST};

Result<> forgiving(Result<> outcome) {
  if (!outcome && std::ranges::find(already, outcome.error().code) != already.end()) return {};
  return outcome;
}

}  // namespace

Result<Undo> Undo::in(sys::Fd netns) {
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns.get(), home.get()));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  return Undo(std::move(netns), std::move(home), std::move(socket));
}

Result<> Undo::sysctl(const std::string& path, const std::string& value) {
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), home_.get()));
  HOPYARD_TAKE(procfs, sys::Procfs::open());
  return forgiving(procfs.write(path, value));
}

Result<> Undo::request(std::span<const char> message) {
  nlmsghdr head{};
  if (message.size() < sizeof head) return {};
  std::memcpy(&head, message.data(), sizeof head);
  netlink::Batch batch(socket_);
  HOPYARD_TRY(batch.begin(head.nlmsg_type, static_cast<std::uint16_t>(head.nlmsg_flags)));
  batch.put_raw(message.data() + sizeof head, message.size() - sizeof head);
  return forgiving(batch.commit());
}

Result<> Undo::ruleset(const std::string& text) {
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), home_.get()));
  if (!nftables_) {
    HOPYARD_TAKE(loaded, Nftables::load());
    nftables_ = std::move(loaded);
  }
  return nftables_->run(text);
}

}  // namespace hopyard::kernel
