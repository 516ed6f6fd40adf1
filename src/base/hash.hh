#pragma once

#include <cstdint>
#include <string_view>

namespace hopyard {

/// FNV-1a over 64 bits, mixed at the end (the finaliser of MurmurHash3): the same value on every machine,
/// which std::hash does not promise. For names that must follow from other names; not against an adversary.
class Hash {
 public:
  /// Adds @p text and a mark after it, so that ("ab", "c") and ("a", "bc") differ.
  void add(std::string_view text) {
    for (const char byte : text) mix(static_cast<unsigned char>(byte));
    mix(0xFF);
  }
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t value = state_;
    value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCDULL;
    value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53ULL;
    return value ^ (value >> 33);
  }

 private:
  void mix(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001B3ULL; }
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

}  // namespace hopyard
