#pragma once

#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string_view>

#include "base/source.hh"

namespace hopyard::language {

/// One value of a YAML file. Lives in an Arena and owns nothing; an alias is the same Yaml at two places, so
/// it is never changed once its file has been read.
struct Yaml {
  enum class Kind : std::uint8_t { Null, Scalar, Sequence, Mapping };
  Kind kind = Kind::Null;
  bool plain = false;  ///< a scalar without quotes
  bool broken =
      false;  ///< a text whose variables could not be replaced: reported, and not to be reported again
  bool shared = false;  ///< it may stand at more than one place
  bool varies = false;  ///< the text holds a '{': it may mean something else for each member of a range
  Span at;
  std::string_view text{};      ///< of a scalar, and of a null as it was written
  std::span<Yaml*> children{};  ///< a mapping's keys and values by turns; keys are scalars

  [[nodiscard]] bool is_null() const { return kind == Kind::Null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::Scalar; }
  [[nodiscard]] bool is_list() const { return kind == Kind::Sequence; }
  [[nodiscard]] bool is_map() const { return kind == Kind::Mapping; }
  /// Entries of a mapping.
  [[nodiscard]] std::size_t size() const { return children.size() / 2; }
  [[nodiscard]] const Yaml& key(std::size_t entry) const { return *children[2 * entry]; }
  [[nodiscard]] const Yaml& value(std::size_t entry) const { return *children[2 * entry + 1]; }
  /// The value that a mapping has for @p name; nullptr if none, or if this is no mapping.
  [[nodiscard]] const Yaml* find(std::string_view name) const {
    if (!is_map()) return nullptr;
    for (std::size_t i = 0; i < size(); ++i)
      if (key(i).text == name) return &value(i);
    return nullptr;
  }
};

/// Where values and texts live for as long as a lab file is being read; all goes at once.
class Arena {
 public:
  [[nodiscard]] Yaml* make(Yaml value) {
    return new (pool_.allocate(sizeof(Yaml), alignof(Yaml))) Yaml(value);
  }
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    auto* copy = static_cast<char*>(pool_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
  [[nodiscard]] std::span<Yaml*> keep(std::span<Yaml* const> children) {
    if (children.empty()) return {};
    auto* copy = static_cast<Yaml**>(pool_.allocate(children.size_bytes(), alignof(Yaml*)));
    std::memcpy(copy, children.data(), children.size_bytes());
    return {copy, children.size()};
  }

 private:
  std::pmr::monotonic_buffer_resource pool_{64U * 1024};
};

}  // namespace hopyard::language
