#include "base/device_name.hh"

#include <fmt/format.h>

#include "base/hash.hh"

namespace hopyard {

std::string device_name(std::initializer_list<std::string_view> names) {
  Hash hash;
  for (const std::string_view name : names) hash.add(name);
  return fmt::format("hop-{:08x}", hash.value() & 0xFFFFFFFFU);
}

}  // namespace hopyard
