#include <fmt/format.h>

#include <cctype>
#include <chrono>

#include "language/kinds.hh"
#include "language/protocols.hh"

namespace hopyard::language {
namespace {

/// An area's address as isisd has it: one byte, then pairs of bytes with dots between (ISO 10589, 7.1).
bool is_isis_area(std::string_view text) {
  constexpr std::size_t longest = 32;  // 13 bytes
  const auto is_hex = [](char byte) { return std::isxdigit(static_cast<unsigned char>(byte)) != 0; };
  if (text.size() < 2 || text.size() > longest || (text.size() - 2) % 5 != 0) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i >= 2 && (i - 2) % 5 == 0 ? text[i] != '.' : !is_hex(text[i])) return false;
  return true;
}

}  // namespace

std::optional<std::uint32_t> read_seconds(Values& values, const Yaml& value, std::string_view what,
                                          std::int64_t least, std::int64_t most) {
  if (value.is_scalar() && !value.text.empty() &&
      value.text.find_first_not_of("0123456789") == std::string_view::npos) {
    values.wrong(value, what, "a time with its unit", fmt::format("write {}s", value.text));
    return std::nullopt;
  }
  const auto read = values.duration(value, what);
  if (!read) return std::nullopt;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*read);
  if (seconds == *read && seconds.count() >= least && seconds.count() <= most)
    return static_cast<std::uint32_t>(seconds.count());
  values.wrong(value, what, fmt::format("whole seconds, {}s to {}s", least, most));
  return std::nullopt;
}

void read_bgp_timers(Values& values, const Yaml& value, lab::Bgp& bgp) {
  values.each_key(value, bgp_timers_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<BgpTimersKey>(found)) {
      case BgpTimersKey::Keepalive:
        bgp.keepalive = read_seconds(values, one, "'keepalive'", 1).value_or(0);
        return;
      case BgpTimersKey::Hold:
        bgp.hold = read_seconds(values, one, "'hold'", 3).value_or(0);
        return;
      case BgpTimersKey::ConnectRetry:
        bgp.connect_retry = read_seconds(values, one, "'connect-retry'", 1).value_or(0);
        return;
    }
  });
  if (bgp.keepalive != 0 && bgp.hold != 0 && bgp.keepalive >= bgp.hold)
    values.context.report.error(value.at, "'keepalive' must be shorter than 'hold'",
                                "a third of it is usual: {keepalive: 10s, hold: 30s}");
}

void read_ospf_timers(Values& values, const Yaml& value, lab::Ospf& ospf) {
  values.each_key(value, ospf_timers_object, [&](const Object::Found& found, const Yaml& one) {
    if (as<OspfTimersKey>(found) == OspfTimersKey::Hello)
      ospf.hello = read_seconds(values, one, "'hello'", 1).value_or(0);
    else
      ospf.dead = read_seconds(values, one, "'dead'", 2).value_or(0);
  });
  if (ospf.hello != 0 && ospf.dead != 0 && ospf.hello >= ospf.dead)
    values.context.report.error(value.at, "'hello' must be shorter than 'dead'",
                                "a quarter of it is usual: {hello: 10s, dead: 40s}");
}

void read_rip(Values& values, const Yaml& value, NodeDraft& draft) {
  if (!values.map(value, "'rip'", "rip: {passive: eth0}")) return;
  values.each_key(value, rip_object, [&](const Object::Found&, const Yaml& one) {
    draft.rip_passive = values.texts(one, "'passive'");
  });
}

void read_isis(Values& values, const Yaml& value, lab::Isis& isis, NodeDraft& draft) {
  if (!values.map(value, "'isis'", "isis: {level: 1-2}")) return;
  values.each_key(value, isis_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<IsisKey>(found)) {
      case IsisKey::Area:
        if (const auto text = values.text(one, "'area'")) {
          if (is_isis_area(text->value))
            isis.area = text->value;
          else
            values.wrong(one, "'area'", "the address of an IS-IS area",
                         "two hexadecimal digits, then fours of them: 49.0001");
        }
        return;
      case IsisKey::Level:
        if (const auto chosen = values.choice(one, "'level'", isis_level_words()))
          isis.level = static_cast<lab::Isis::Level>(*chosen);
        return;
      case IsisKey::Passive:
        draft.isis_passive = values.texts(one, "'passive'");
        return;
      case IsisKey::Bfd:
        isis.bfd = read_truth(values, one, "'bfd'").value_or(false);
        return;
    }
  });
}

}  // namespace hopyard::language
