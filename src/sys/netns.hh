#pragma once

#include "base/error.hh"
#include "sys/fd.hh"

/// Network namespaces (network_namespaces(7)). Every call concerns the calling thread alone.
namespace hopyard::sys {

/// The network namespace that the calling thread is in. Needs /proc.
[[nodiscard]] Result<Fd> current_netns();

/// Puts the calling thread into a new network namespace (unshare(2)).
[[nodiscard]] Result<> unshare_netns();

/// Puts the calling thread into the network namespace of descriptor @p netns (setns(2)).
[[nodiscard]] Result<> enter_netns(int netns);

/// The network namespace that @p socket, any socket, belongs to (SIOCGSKNS, linux/sockios.h): needs no /proc.
[[nodiscard]] Result<Fd> netns_of_socket(int socket);

/// While it lives, the calling thread is in another network namespace; then it is back home.
class InsideNetns {
 public:
  /// @param netns where to go. @param home where to come back to; both stay the caller's and outlive this.
  [[nodiscard]] static Result<InsideNetns> enter(int netns, int home);
  /// For a thread that has just unshared: only takes it back.
  [[nodiscard]] static InsideNetns already(int home) { return InsideNetns(home); }
  InsideNetns(InsideNetns&& other) noexcept;
  InsideNetns& operator=(InsideNetns&&) = delete;
  /// Ends the program when the way home is barred: nothing may go on in the wrong network.
  ~InsideNetns();

 private:
  explicit InsideNetns(int home) : home_(home) {}
  int home_;
};

}  // namespace hopyard::sys
