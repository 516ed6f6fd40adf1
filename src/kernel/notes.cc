#include "kernel/notes.hh"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hopyard::kernel {
namespace {

bool is_change(const Json& note) {
  constexpr const char* forms[] = {"sysctl", "request", "ruleset", "departing", "departed"};
  return std::ranges::any_of(forms, [&](const char* form) { return note.contains(form); });
}

}  // namespace

Notes notes_in(std::string_view text) {
  Notes notes;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    Json note = Json::parse(line, nullptr, false);
    if (!note.is_object()) continue;
    const auto place = number_in<std::uint32_t>(note, "place");
    if (const auto revoked = number_in<std::uint64_t>(note, "revoked"); revoked != 0)
      std::erase_if(notes.changes,
                    [&](const Json& one) { return number_in<std::uint64_t>(one, "note") == revoked; });
    else if (const std::string stamp = text_in(note, "sought"); !stamp.empty())
      ++notes.sought[stamp];
    else if (note.contains("of"))
      notes.places[place] = {text_in(note, "of"), number_in<pid_t>(note, "pid"),
                             number_in<std::uint64_t>(note, "inode")};
    else if (is_change(note))
      notes.changes.push_back(std::move(note));
    else
      notes.strange = true;
  }
  return notes;
}

std::string text_in(const Json& note, const char* name) {
  const auto found = note.find(name);
  return found != note.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<char> bytes_of(std::string_view hexadecimal) {
  std::vector<char> bytes(hexadecimal.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned value = 0;
    std::from_chars(hexadecimal.data() + 2 * i, hexadecimal.data() + 2 * i + 2, value, 16);
    bytes[i] = static_cast<char>(value);
  }
  return bytes;
}

}  // namespace hopyard::kernel
