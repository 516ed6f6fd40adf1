#include "lower/names.hh"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.hh"

namespace hopyard::lower {
namespace {

constexpr std::size_t longest = 15;  // IFNAMSIZ of linux/if.h, less the terminating zero
constexpr std::size_t kept = 8;      // then a dash and six digits

bool good_byte(char byte) {
  return byte > ' ' && byte < 0x7F && byte != '/' && byte != ':' && byte != '%';
}

std::string shortened(std::string_view full, unsigned attempt) {
  Hash hash;
  hash.add(full);
  if (attempt != 0) hash.add(fmt::format("{}", attempt));
  std::string name(full.substr(0, kept));
  std::replace_if(
      name.begin(), name.end(), [](char byte) { return !good_byte(byte); }, '_');
  return name + fmt::format("-{:06x}", hash.value() & 0xFFFFFFU);
}

}  // namespace

bool good_device_name(std::string_view name) {
  if (name.empty() || name.size() > longest) return false;
  for (const std::string_view reserved : {".", "..", "lo", "all", "default"})
    if (name == reserved) return false;
  return std::all_of(name.begin(), name.end(), good_byte);
}

std::string PortNames::name(std::string_view full) {
  if (good_device_name(full) && taken_.emplace(full).second) return std::string(full);
  for (unsigned attempt = 0;; ++attempt)
    if (std::string name = shortened(full, attempt); taken_.insert(name).second) return name;
}

}  // namespace hopyard::lower
