#pragma once

#include <sys/types.h>

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hh"

namespace hopyard::keeper {

/// The log of a service in its node. What its processes write to a pipe comes into NAME.log; when that is two
/// MiB long it becomes NAME.log.1, in the place of the one before, and a new one begins.
class ServiceLog {
 public:
  /// @param service its name. @param folder where the file is. The file is made at once.
  ServiceLog(std::string service, std::string folder, std::size_t longest);

  [[nodiscard]] const std::string& service() const { return service_; }
  /// Where processes write: the pipe, or the file if there can be no pipe. Makes it when it is first asked
  /// for, and begins a new file if somebody has removed the old one.
  [[nodiscard]] int entrance();
  /// Readable when take() has something to do; -1 as long as nobody writes.
  [[nodiscard]] int descriptor() const { return out_.get(); }
  /// Takes what is in the pipe to the file; a part of it when it is much, so that nobody else has to wait.
  void take();
  /// A line, after all that is in the pipe.
  void line(std::string_view words);
  /// A line of Hopyard's own.
  void note(std::string_view words);

 private:
  void put(std::string_view text);
  void open();
  /// What cannot be written for want of room is lost: a service does not end for its log.
  void write(std::string_view text);
  [[nodiscard]] std::size_t size() const;
  void turn_over();

  std::string service_;
  std::string path_;
  std::size_t longest_;
  sys::Fd file_;
  sys::Fd in_;
  sys::Fd out_;
};

/// The logs of a node, in /var/log/hopyard.
class ServiceLogs {
 public:
  /// The one of that name; made when it is first asked for.
  [[nodiscard]] ServiceLog& of(std::string_view service);
  [[nodiscard]] std::list<ServiceLog>& all() { return logs_; }
  void take_all();

 private:
  std::list<ServiceLog> logs_;
};

/// The last lines of a service's log in the node, in whose root the caller is; fewer if it has no more.
[[nodiscard]] std::vector<std::string> last_lines(std::string_view service, std::size_t count);

}  // namespace hopyard::keeper
