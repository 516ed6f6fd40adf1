#include "keeper/owners.hh"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>

#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

std::optional<std::uint32_t> to_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<std::uint32_t> find_in(std::optional<std::string>& table, const char* file, const char* what,
                              const std::string& name, const std::string& path) {
  if (name.empty()) return 0;
  if (const auto number = to_number(name)) return *number;
  if (!table) {
    auto text = sys::read_file(sys::here(), file);
    if (!text && text.error().code != ENOENT) return pass_on(std::move(text));
    table = std::move(text).value_or("");
  }
  if (const auto number = number_of(*table, name)) return *number;
  return refusal(fmt::format("give {} to {} {}", path, what, name), fmt::format("{} has no such line", file),
                 fmt::format("the {} comes with the package of the program that wants it", what));
}

}  // namespace

std::optional<std::uint32_t> number_of(std::string_view table, std::string_view name) {
  while (!table.empty()) {
    std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(table.size(), line.size() + 1));
    if (!line.starts_with(name) || line.size() == name.size() || line[name.size()] != ':') continue;
    line.remove_prefix(name.size() + 1);
    const std::size_t second = line.find(':');  // after the password
    if (second == std::string_view::npos) continue;
    line.remove_prefix(second + 1);
    return to_number(line.substr(0, line.find(':')));
  }
  return std::nullopt;
}

std::string with_root_alone(std::string_view table) {
  std::string text;
  while (!table.empty()) {
    const std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(table.size(), line.size() + 1));
    // Name and password; then the numbers: of a user two, and of a group one.
    std::size_t field = 0;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(':', at), line.size());
      const std::string_view word = line.substr(at, end - at);
      const bool number = (field == 2 || field == 3) && to_number(word).has_value();
      if (field > 0) text += ':';
      text += number ? std::string_view("0") : word;
      ++field;
      at = end + 1;
    }
    text += '\n';
  }
  return text;
}

Result<Owner> Owners::find(const std::string& user, const std::string& group, const std::string& path) {
  HOPYARD_TAKE(uid, find_in(users_, "/etc/passwd", "user", user, path));
  HOPYARD_TAKE(gid, find_in(groups_, "/etc/group", "group", group, path));
  return Owner{uid, gid};
}

}  // namespace hopyard::keeper
