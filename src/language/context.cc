#include "language/context.hh"

#include <fmt/format.h>

#include <vector>

namespace hopyard::language {

bool Context::step(Span at) {
  if (++steps <= most_steps) return true;
  report.error(at, "the lab grows beyond what can be read", "fewer members, or fewer values for each");
  return false;
}

bool Context::charge_content(std::size_t bytes, Span at) {
  content += bytes;
  if (content <= most_content) return true;
  report.error(at, fmt::format("the texts of all nodes grow to more than {} MiB here", most_content >> 20U));
  return false;
}

std::string Context::beside(Span at, std::string_view path) const {
  return join(at.known() ? sources.path(at.file) : std::string_view(options.path), path);
}

const std::string* Context::file(const std::string& path, Span at) {
  if (const auto found = files.find(path); found != files.end()) return &found->second;
  auto text = load(path);
  if (!text) {
    report.error(at, fmt::format("cannot {}", text.error().text()));
    return nullptr;
  }
  return &files.emplace(path, std::move(*text)).first->second;
}

std::string join(std::string_view from, std::string_view path) {
  const std::size_t slash = from.rfind('/');
  std::string whole;
  if (!path.starts_with('/') && slash != std::string_view::npos) whole = from.substr(0, slash + 1);
  whole += path;
  std::vector<std::string_view> parts;
  std::string_view rest = whole;
  const bool absolute = rest.starts_with('/');
  while (!rest.empty()) {
    const std::size_t end = rest.find('/');
    const std::string_view part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (part != ".." || !absolute)
      parts.push_back(part);
  }
  std::string joined = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) joined.append(i == 0 ? "" : "/").append(parts[i]);
  return joined.empty() ? "." : joined;
}

}  // namespace hopyard::language
