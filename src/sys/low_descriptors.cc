#include "sys/low_descriptors.hh"

#include <linux/close_range.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <system_error>
#include <thread>

namespace hopyard::sys {
Result<> with_low_descriptors(const std::function<void()>& work) {
  int code = 0;
  try {
    std::thread([&] {
      if (::close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_UNSHARE) == 0)
        work();
      else
        code = errno;
    }).join();
  } catch (const std::system_error& error) {  // what the library says it by
    code = error.code().value();
  }
  if (code != 0) return failure("begin a thread with descriptors of its own", "", code);
  return {};
}

}  // namespace hopyard::sys
