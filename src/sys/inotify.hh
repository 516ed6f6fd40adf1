#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

namespace hopyard::sys {

/// What happens to the names of one folder (inotify(7)).
class FolderWatch {
 public:
  struct Event {
    std::uint32_t mask = 0;  ///< IN_CREATE, IN_DELETE … (sys/inotify.h); IN_Q_OVERFLOW: some were lost
    std::string name;
  };
  /// @param mask which events are told.
  [[nodiscard]] static Result<FolderWatch> open(const std::string& folder, std::uint32_t mask);

  [[nodiscard]] int descriptor() const { return fd_.get(); }
  /// Waits for the next events.
  [[nodiscard]] Result<std::vector<Event>> wait();

 private:
  explicit FolderWatch(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace hopyard::sys
