#pragma once

#include <linux/netlink.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ip.hh"
#include "base/mac.hh"

namespace hopyard::netlink {

/// One attribute's payload. Every reading checks the length and gives nothing where it does not fit.
class Attribute {
 public:
  Attribute() = default;
  explicit Attribute(std::span<const char> payload) : payload_(payload), present_(true) {}

  [[nodiscard]] bool present() const { return present_; }
  [[nodiscard]] std::span<const char> payload() const { return payload_; }
  /// The payload as a T, a number or a struct of the kernel's interface; a longer payload is taken for a
  /// newer, longer struct.
  template <class T>
  [[nodiscard]] std::optional<T> as() const {
    if (payload_.size() < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, payload_.data(), sizeof(T));
    return value;
  }
  /// Text up to its NUL or the end.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::optional<IpAddress> address(Family family) const;
  [[nodiscard]] std::optional<Mac> mac() const;

 private:
  std::span<const char> payload_;
  bool present_ = false;
};

/// Calls @p use with type and payload of each attribute in @p bytes; ends at the first broken length.
template <class Use>
void for_each_attribute(std::span<const char> bytes, Use&& use) {
  while (bytes.size() >= sizeof(nlattr)) {
    nlattr head;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.nla_len < NLA_HDRLEN || head.nla_len > bytes.size()) return;
    use(static_cast<std::uint16_t>(head.nla_type & NLA_TYPE_MASK),
        Attribute(bytes.subspan(NLA_HDRLEN, head.nla_len - NLA_HDRLEN)));
    const std::size_t step = NLA_ALIGN(head.nla_len);
    if (step >= bytes.size()) return;
    bytes = bytes.subspan(step);
  }
}

/// The attributes of one level by type, up to the type Last; of a type that comes twice the last counts.
template <std::uint16_t Last>
class AttributeTable {
 public:
  explicit AttributeTable(std::span<const char> bytes) {
    for_each_attribute(bytes, [this](std::uint16_t type, Attribute attribute) {
      if (type <= Last) table_[type] = attribute;
    });
  }
  [[nodiscard]] const Attribute& operator[](std::uint16_t type) const { return table_[type]; }

 private:
  std::array<Attribute, Last + 1> table_{};
};

/// The fixed header behind the netlink header and the attributes after it; nothing when the message is too
/// short.
template <class Header>
struct Parts {
  Header header;
  std::span<const char> attributes;
};
template <class Header>
[[nodiscard]] std::optional<Parts<Header>> split(const nlmsghdr& message) {
  if (message.nlmsg_len < NLMSG_LENGTH(sizeof(Header))) return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(&message);
  Parts<Header> parts;
  std::memcpy(&parts.header, bytes + NLMSG_HDRLEN, sizeof(Header));
  const std::size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(Header));
  if (message.nlmsg_len > skip) parts.attributes = {bytes + skip, message.nlmsg_len - skip};
  return parts;
}

}  // namespace hopyard::netlink
