#include "keeper/environment.hh"

#include <algorithm>
#include <array>
#include <string_view>

namespace hopyard::keeper {
namespace {

constexpr std::array<std::string_view, 9> of_the_person{"TERM",   "COLORTERM", "LANG",     "LANGUAGE", "TZ",
                                                        "EDITOR", "PAGER",     "NO_COLOR", "LS_COLORS"};

bool goes_along(std::string_view name) {
  return name.starts_with("LC_") || std::ranges::find(of_the_person, name) != of_the_person.end();
}

void set(std::vector<std::string>& all, std::string_view name, std::string_view value) {
  std::erase_if(all, [&](const std::string& entry) {
    return entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=';
  });
  all.push_back(std::string(name) + '=' + std::string(value));
}

}  // namespace

Variables node_environment(const std::string& lab, const net::Namespace& node) {
  Variables all{{"HOPYARD_LAB", lab}, {"HOPYARD_NODE", node.name}};
  for (const auto& variable : node.machine.environment) all.push_back(variable);
  return all;
}

std::vector<std::string> process_environment(const char* const* from, const Variables& own) {
  std::vector<std::string> all{"HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/sh",
                               "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
  for (; from != nullptr && *from != nullptr; ++from) {
    const std::string_view entry = *from;
    const std::size_t end = entry.find('=');
    if (end != std::string_view::npos && goes_along(entry.substr(0, end))) {
      set(all, entry.substr(0, end), entry.substr(end + 1));
    }
  }
  for (const auto& [name, value] : own) set(all, name, value);
  return all;
}

std::string_view path_of(std::span<const std::string> environment) {
  for (const std::string& entry : environment)
    if (entry.starts_with("PATH=")) return std::string_view(entry).substr(5);
  return {};
}

std::vector<char*> pointers(std::span<const std::string> texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace hopyard::keeper
