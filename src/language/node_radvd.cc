#include <fmt/format.h>

#include "language/kinds.hh"
#include "language/protocols.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view example = "radvd: {serve: lan, max-interval: 30s}";

void read_dnssl(Values& values, const Yaml& value, lab::Radvd& radvd) {
  radvd.dnssl.emplace();
  if (value.is_null()) return;
  for (const Text& one : values.texts(value, "'dnssl'")) {
    if (const auto reason = bad_domain_name(one.value))
      values.context.report.error(one.at, fmt::format("'{}' cannot be a domain", one.value), *reason);
    else if (!lab::radvd_reads_domain(one.value))
      values.context.report.error(
          one.at, fmt::format("radvd cannot read the domain '{}'", one.value),
          "letters, digits, - and .; no number, and no word of radvd's own ('on', 'prefix')");
    else
      radvd.dnssl->emplace_back(one.value);
  }
}

// The bounds are those of RFC 4861, 6.2.1.
void read_key(Values& values, RadvdKey key, const Yaml& value, RadvdDraft& into) {
  lab::Radvd& radvd = into.radvd;
  switch (key) {
    case RadvdKey::Serve:
      into.serve = values.texts(value, "'serve'");
      return;
    case RadvdKey::MinInterval:
      radvd.min_interval = read_seconds(values, value, "'min-interval'", 3, 1350).value_or(0);
      return;
    case RadvdKey::MaxInterval:
      radvd.max_interval = read_seconds(values, value, "'max-interval'", 4, 1800).value_or(0);
      return;
    case RadvdKey::Lifetime:
      radvd.lifetime = read_seconds(values, value, "'lifetime'", 0, 9000);
      return;
    case RadvdKey::Managed:
      radvd.managed = read_truth(values, value, "'managed'").value_or(false);
      return;
    case RadvdKey::Other:
      radvd.other = read_truth(values, value, "'other'").value_or(false);
      return;
    case RadvdKey::Mtu:
      if (const auto mtu = values.mtu(value)) {
        if (*mtu < 1280)
          values.context.report.error(value.at, fmt::format("'mtu' of 'radvd' is {}", *mtu),
                                      "IPv6 needs an MTU of 1280 or more (RFC 8200)");
        radvd.mtu = *mtu;
      }
      return;
    case RadvdKey::Rdnss:
      into.rdnss = value.is_null() ? std::vector<Text>{} : values.texts(value, "'rdnss'");
      return;
    case RadvdKey::Dnssl:
      return read_dnssl(values, value, radvd);
    case RadvdKey::Config:
      return read_config(values, value, radvd.config);
  }
}

}  // namespace

void read_radvd(Values& values, const Yaml& value, RadvdDraft& into) {
  if (value.is_scalar() && (value.text == "true" || value.text == "false")) {
    into = {};
    into.radvd.at = value.at;
    into.radvd.runs = value.text == "true";
    return;
  }
  if (!value.is_map())
    return values.wrong(value, "'radvd'", "true, or a map of how it advertises", std::string(example));
  into.radvd.runs = true;
  into.radvd.at = value.at;
  values.each_key(value, radvd_object, [&](const Object::Found& found, const Yaml& one) {
    read_key(values, as<RadvdKey>(found), one, into);
  });
}

}  // namespace hopyard::language
