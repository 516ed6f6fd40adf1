#include "sys/random.hh"

#include <sys/random.h>

#include <cerrno>

namespace hopyard::sys {

Result<std::uint32_t> random_number() {
  std::uint32_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number)
    return failure("choose a random number", "", errno);
  return number;
}

}  // namespace hopyard::sys
