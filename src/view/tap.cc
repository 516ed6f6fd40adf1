#include "view/tap.hh"

#include <fmt/format.h>

#include <algorithm>

#include "view/width.hh"

namespace hopyard::view {
namespace {

/// On one line and safe for a terminal.
std::string line(std::string_view text) {
  std::string plain = printable(valid_utf8(text));
  std::replace(plain.begin(), plain.end(), '\n', ' ');
  return plain;
}

/// A description, where # would begin a directive.
std::string description(std::string_view text) {
  std::string escaped;
  for (const char byte : line(text)) {
    if (byte == '#' || byte == '\\') escaped += '\\';
    escaped += byte;
  }
  return escaped;
}

std::string quoted(std::string_view text) {
  std::string yaml = "'";
  for (const char byte : line(text)) yaml += byte == '\'' ? "''" : std::string(1, byte);
  return yaml + '\'';
}

std::string xml(std::string_view text) {
  std::string escaped;
  for (const char byte : line(text)) {
    switch (byte) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += byte;
    }
  }
  return escaped;
}

}  // namespace

std::string tap_plan(std::size_t count) {
  return fmt::format("TAP version 14\n1..{}\n", count);
}

std::string tap_point(std::size_t number, const Tested& one) {
  if (!one.skipped.empty())
    return fmt::format("ok {} - {} # SKIP {}\n", number, description(one.name), line(one.skipped));
  std::string point = fmt::format("{} {} - {}\n", one.held ? "ok" : "not ok", number, description(one.name));
  if (one.held) return point;
  return point + fmt::format("  ---\n  message: {}\n  at: {}\n  seconds: {:.3f}\n  ...\n", quoted(one.why),
                             quoted(one.where), one.seconds);
}

std::string tap_bail_out(std::string_view reason) {
  return fmt::format("Bail out! {}\n", line(reason));
}

std::string junit(std::string_view suite, std::span<const Tested> tests, double seconds) {
  const auto failures =
      std::ranges::count_if(tests, [](const Tested& one) { return !one.held && one.skipped.empty(); });
  const auto skipped = std::ranges::count_if(tests, [](const Tested& one) { return !one.skipped.empty(); });
  const std::string name = xml(suite);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  text +=
      fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\"{} time=\"{:.3f}\">\n",
                  name, tests.size(), failures,
                  skipped == 0 ? std::string() : fmt::format(" skipped=\"{}\"", skipped), seconds);
  for (const Tested& one : tests) {
    text += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", name, xml(one.name),
                        one.seconds);
    if (!one.skipped.empty())
      text += fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml(one.skipped));
    else
      text += one.held ? "/>\n"
                       : fmt::format(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                                     xml(one.why), xml(one.where));
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace hopyard::view
