#include "app/place.hh"

#include <fmt/format.h>

namespace hopyard::app {
namespace {

constexpr std::string_view forms =
    "write a node (r1), an interface (r1:eth0) or a link (r1 -- r2, r1:eth0--r2:eth0)";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<EndWords> parse_end(std::string_view text) {
  text = trimmed(text);
  const std::size_t colon = text.find(':');
  const std::string_view node = text.substr(0, colon);
  if (node.empty() || node.starts_with('-') || text.find(' ') != std::string_view::npos) return std::nullopt;
  if (colon == std::string_view::npos) return EndWords{std::string(node), {}};
  const std::string_view interface = text.substr(colon + 1);
  if (interface.empty() || interface.find(':') != std::string_view::npos) return std::nullopt;
  return EndWords{std::string(node), std::string(interface)};
}

/// Where the dashes of a link stand: those with a space on either side if there are such, for a name may hold
/// dashes too.
std::size_t find_dashes(std::string_view text) {
  const std::size_t spaced = text.find(" -- ");
  return spaced != std::string_view::npos ? spaced + 1 : text.find("--", 1);
}

}  // namespace

NodeWords parse_node(std::string_view words) {
  const std::size_t slash = words.find('/');
  if (slash == std::string_view::npos) return {{}, std::string(words)};
  return {std::string(words.substr(0, slash)), std::string(words.substr(slash + 1))};
}

Result<Place> parse_place(std::string_view words) {
  const auto [lab, rest] = parse_node(trimmed(words));
  const std::string_view text = rest;
  const std::size_t dashes = find_dashes(text);
  const bool link = dashes != std::string_view::npos;
  const auto one = parse_end(text.substr(0, dashes));
  const auto other = link ? parse_end(text.substr(dashes + 2)) : std::nullopt;
  if (!one || (link && !other))
    return refusal("read the command line", fmt::format("'{}' names nothing of a lab", words),
                   std::string(forms));
  return Place{lab, *one, other};
}

}  // namespace hopyard::app
