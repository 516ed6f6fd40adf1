#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "net/service.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// Looks out for the signs of one start of a service, in the network namespace of the caller. Sees what has
/// passed since it was made.
class SignWatch {
 public:
  SignWatch() = default;
  explicit SignWatch(std::span<const net::Sign> signs);

  /// Reads what has passed, and asks again for what has not come. Does not wait. Once all have come it looks
  /// no more.
  /// @return whether all signs have come.
  bool all_seen();
  /// What has not come, or why that cannot be known, for a person; empty if all has.
  [[nodiscard]] std::string missing() const;

 private:
  struct Awaited {
    net::Sign sign;
    bool seen = false;
  };
  void listen();
  void read(const std::string& device, int socket);

  std::vector<Awaited> awaited_;
  std::map<std::string, sys::Fd> sockets_;  ///< by device
  std::string failure_;
};

}  // namespace hopyard::keeper
