#include "netlink/attributes.hh"

namespace hopyard::netlink {

std::string_view Attribute::text() const {
  const std::string_view all(payload_.data(), payload_.size());
  return all.substr(0, all.find('\0'));
}

std::optional<IpAddress> Attribute::address(Family family) const {
  if (payload_.size() != bits(family) / 8U) return std::nullopt;
  return IpAddress::from_bytes(family, payload_.data());
}

std::optional<Mac> Attribute::mac() const {
  Mac mac;
  if (payload_.size() != mac.bytes.size()) return std::nullopt;
  std::memcpy(mac.bytes.data(), payload_.data(), mac.bytes.size());
  return mac;
}

}  // namespace hopyard::netlink
