#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/error.hh"
#include "kernel/journal.hh"
#include "kernel/nftables.hh"
#include "netlink/link.hh"
#include "netlink/socket.hh"
#include "sys/fd.hh"

namespace hopyard::kernel {

/// Undoes, in one namespace, what a journal notes. What is gone already is no error, nor what is back
/// already.
class Undo {
 public:
  [[nodiscard]] static Result<Undo> in(sys::Fd netns);

  /// @param path of procfs.
  [[nodiscard]] Result<> sysctl(const std::string& path, const std::string& value);
  /// @param message a netlink message, with its header.
  [[nodiscard]] Result<> request(std::span<const char> message);
  /// Finds an interface that has gone to a node, in a namespace that this process has open or where the
  /// kernel has put it when its own ended, and gives it its name, index, MAC and MTU back. It is down then.
  [[nodiscard]] Result<> bring_back(const Departed& interface);
  /// @param text of nftables.
  [[nodiscard]] Result<> ruleset(const std::string& text);

 private:
  Undo(sys::Fd netns, sys::Fd home, netlink::Socket socket)
      : netns_(std::move(netns)), home_(std::move(home)), socket_(std::move(socket)) {}
  /// @return whether it was found, and is here now.
  [[nodiscard]] Result<bool> fetch(const Departed& interface);
  [[nodiscard]] Result<> restore(const netlink::LinkInfo& found, const Departed& interface);
  sys::Fd netns_;
  sys::Fd home_;
  netlink::Socket socket_;
  std::unique_ptr<Nftables> nftables_;
};

}  // namespace hopyard::kernel
