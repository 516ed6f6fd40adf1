#include "language/given.hh"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "language/pool.hh"

namespace hopyard::language {
namespace {

template <class T>
bool whole_number(std::string_view digits, T most, T& into) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value > most || digits.size() > 3)
    return false;
  into = static_cast<T>(value);
  return true;
}

/// ".20", ".1.20": the last octets of an IPv4 address.
bool last_octets(std::string_view text, Given& given) {
  std::uint32_t value = 0;
  while (!text.empty()) {
    if (text.front() != '.' || given.octets == 3) return false;
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find('.'), text.size());
    std::uint8_t octet = 0;
    if (!whole_number<std::uint8_t>(text.substr(0, end), 255, octet)) return false;
    value = value << 8U | octet;
    ++given.octets;
    text.remove_prefix(end);
  }
  given.address.address = IpAddress::v4(value);
  return given.octets != 0;
}

}  // namespace

bool unfit(const IpAddress& address) {
  const std::uint8_t first = address.data()[0];
  const bool zero = to_number(address) == 0;
  if (address.family() == Family::V6) return zero || first == 0xFF;
  return zero || first >= 224;
}

bool link_local(const IpAddress& address) {
  return address.family() == Family::V6 && address.data()[0] == 0xFE && (address.data()[1] & 0xC0U) == 0x80;
}

bool Given::apart() const {
  return form == Form::Full && (link_local(address.address) || address.length == bits(family()));
}

std::optional<Given> parse_given(Context& context, const Text& text) {
  Given given;
  given.at = text.at;
  given.text = text.value;
  const std::size_t slash = text.value.find('/');
  const std::string_view address = text.value.substr(0, slash);
  bool good = true;
  if (address.starts_with('.')) {
    given.form = Given::Form::LastOctets;
    good = last_octets(address, given);
  } else if (const auto read = IpAddress::parse(address)) {
    given.address.address = *read;
    given.form = address.starts_with("::") && address.size() > 2 ? Given::Form::Interface
                 : slash == std::string_view::npos               ? Given::Form::Bare
                                                                 : Given::Form::Full;
  } else {
    good = false;
  }
  if (good && slash != std::string_view::npos) {
    std::uint8_t length = 0;
    good = whole_number<std::uint8_t>(text.value.substr(slash + 1), bits(given.family()), length);
    given.length = length;
    given.address.length = length;
  }
  if (!good) {
    context.report.error(text.at, fmt::format("'{}' is not an address", text.value),
                         "10.0.0.1/24, fd00::1/64, or the end of one in a known prefix: .20, '::20'");
    return std::nullopt;
  }
  if (given.form == Given::Form::Full && given.length == 0) {
    context.report.error(text.at, fmt::format("'{}' leaves no network to be in", text.value),
                         "the length is 1 or more");
    return std::nullopt;
  }
  const bool whole = given.form == Given::Form::Full || given.form == Given::Form::Bare;
  if (!whole || !unfit(given.address.address)) return given;
  context.report.error(text.at, fmt::format("'{}' cannot be the address of an interface", text.value));
  return std::nullopt;
}

namespace {

bool wrong(Context& context, Given& given, std::string message, std::string help = {}) {
  context.report.error(given.at, std::move(message), std::move(help));
  given.good = false;
  return false;
}

/// The address whose end is given and whose beginning is that of @p prefix.
IpAddress in_prefix(const Given& given, const Prefix& prefix) {
  const unsigned known =
      given.form == Given::Form::LastOctets ? 8U * given.octets : bits(prefix.family()) - prefix.length;
  const Number mask = known >= 128 ? ~Number(0) : (Number(1) << known) - 1;
  return to_address(prefix.family(), (to_number(prefix.address) & ~mask) | to_number(given.address.address));
}

}  // namespace

bool complete(Context& context, Given& given, const std::optional<Prefix>& prefix, std::string_view segment) {
  if (!given.good) return false;
  if (given.apart()) return true;
  const std::string_view family = given.family() == Family::V4 ? "IPv4" : "IPv6";
  if (!prefix)
    return wrong(context, given,
                 fmt::format("'{}' needs a known {} prefix, and {} has none", given.text, family, segment),
                 given.family() == Family::V4 ? "give the whole address: 10.0.0.1/24"
                                              : "give the whole address: fd00::1/64");
  if (given.form == Given::Form::LastOctets || given.form == Given::Form::Interface)
    given.address.address = in_prefix(given, *prefix);
  if (!prefix->contains(given.address.address))
    return wrong(context, given,
                 fmt::format("{} is outside {}, the prefix of {}", given.text, prefix->text(), segment));
  if (given.length && *given.length != prefix->length)
    return wrong(context, given,
                 fmt::format("'{}' has the length {}, but the prefix of {} is {}", given.text, *given.length,
                             segment, prefix->text()),
                 fmt::format("write {}/{}", given.text.substr(0, given.text.find('/')), prefix->length));
  given.address.length = prefix->length;
  const auto [first, last] = host_range(*prefix);
  const Number number = to_number(given.address.address);
  if (given.family() == Family::V4 && number < first)
    return wrong(context, given,
                 fmt::format("{} is the address of the network {} itself", given.address.address.text(),
                             prefix->text()));
  if (given.family() == Family::V4 && number > last)
    return wrong(
        context, given,
        fmt::format("{} is the broadcast address of {}", given.address.address.text(), prefix->text()));
  return true;
}

}  // namespace hopyard::language
