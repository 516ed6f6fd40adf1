#pragma once

#include <string>

#include "base/error.hh"
#include "net/desired.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// The way between the network that plays the host for a lab of an ordinary user and the host's own:
/// pasta(1), or where it is missing slirp4netns(1), both of which copy between a tap there and plain sockets
/// here.
///
/// Its process is born before the keeper leaves the host's network, to which no way leads back, and in the
/// keeper's pid namespace, so that it ends with the keeper. A program that ends meanwhile is started again.
class WayOut {
 public:
  /// What can be known before anything is made: that there is a program for what @p desired wants of it.
  [[nodiscard]] static Result<> check(const net::Desired& desired);

  /// Starts the process, where the lab has a way out at all. To be called in the host's network.
  /// @param folder an empty one, which nobody else sees what it puts on.
  [[nodiscard]] static Result<WayOut> begin(const net::Desired& desired, const std::string& folder);
  /// Joins the network that the calling thread is in, and waits until packets find their way.
  [[nodiscard]] Result<> join() const;

 private:
  [[nodiscard]] Result<> await_way() const;

  sys::Fd socket_;           ///< to the process; closed where there is none
  std::string device_;       ///< the tap's name
  bool advertised_ = false;  ///< IPv6 addresses come by router advertisements
};

}  // namespace hopyard::keeper
