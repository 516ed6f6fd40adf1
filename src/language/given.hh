#pragma once

#include <optional>
#include <vector>

#include "language/draft.hh"

namespace hopyard::language {

/// An address as a person wrote it for an interface.
struct Given {
  enum class Form : std::uint8_t {
    Full,        ///< 10.0.0.1/24
    Bare,        ///< 10.0.0.1: the length is that of the segment
    LastOctets,  ///< .20 or .20/24: the rest is that of the segment
    Interface,   ///< ::20 or ::20/64: the rest is that of the segment
  };
  Form form = Form::Full;
  InterfaceAddress address;            ///< Full: as written; otherwise what is known of it
  std::uint8_t octets = 0;             ///< LastOctets: how many are given
  std::optional<std::uint8_t> length;  ///< if written
  bool good = true;                    ///< false once something was wrong with it
  Span at;
  std::string_view text;

  [[nodiscard]] Family family() const { return address.address.family(); }
  /// True for addresses that need no prefix of the segment: link-local ones, and those of a host alone.
  [[nodiscard]] bool apart() const;
};

/// Reports what is not an address and then returns nothing.
[[nodiscard]] std::optional<Given> parse_given(Context& context, const Text& text);

/// True for addresses that an interface cannot have: multicast, unspecified, and IPv4's broadcast.
[[nodiscard]] bool unfit(const IpAddress& address);
[[nodiscard]] bool link_local(const IpAddress& address);

/// Completes @p given from the segment's prefix of its family. Reports what does not fit and then returns
/// false.
/// @p segment what the prefix belongs to, for messages.
[[nodiscard]] bool complete(Context& context, Given& given, const std::optional<Prefix>& prefix,
                            std::string_view segment);

}  // namespace hopyard::language
