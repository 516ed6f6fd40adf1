#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

std::uint32_t read_mode(Values& values, const Yaml& value) {
  const auto text = values.text(value, "'mode'");
  if (!text) return 0644;
  std::uint32_t mode = 0;
  const char* end = text->value.data() + text->value.size();
  const auto [last, error] = std::from_chars(text->value.data(), end, mode, 8);
  if (error == std::errc{} && last == end && mode <= 07777) return mode;
  values.wrong(value, "'mode'", "permissions in octal such as '0644'");
  return 0644;
}

void read_file_map(Values& values, const Yaml& value, net::File& file) {
  const Yaml* text = value.find("text");
  const Yaml* from = value.find("file");
  if ((text == nullptr) == (from == nullptr))
    return values.context.report.error(value.at, "a file has either 'text' or 'file'",
                                       "files: {/etc/motd: {text: hello, mode: '0644'}}");
  values.each_key(value, file_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<FileKey>(found)) {
      case FileKey::Text:
        if (const auto written = values.text(one, "'text'", Braces::Free)) file.content = written->value;
        break;
      case FileKey::File:
        if (const auto path = values.text(one, "'file'"))
          if (const std::string* content =
                  values.context.file(values.context.beside(path->at, path->value), path->at))
            file.content = *content;
        break;
      case FileKey::Mode:
        file.mode = read_mode(values, one);
        break;
    }
  });
}

bool is_variable_name(std::string_view name) {
  const auto word = [](char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), word) &&
         std::isdigit(static_cast<unsigned char>(name.front())) == 0;
}

/// The entry of @p list under @p name, made if it is not there.
template <class List, class Name>
auto& entry(List& list, std::string_view name, Name name_of) {
  for (auto& one : list)
    if (name_of(one) == name) return one;
  auto& fresh = list.emplace_back();
  name_of(fresh) = name;
  return fresh;
}

}  // namespace

std::optional<std::string> bad_path(std::string_view path) {
  if (!path.starts_with('/')) return "a path in the node begins with '/'";
  if (path.ends_with('/')) return "a path ends with the file's name";
  if (path.size() > 4000) return "a path has at most 4000 bytes";
  if (path.find('\0') != std::string_view::npos) return "a path has no NUL byte";
  for (std::string_view rest = path.substr(1);;) {
    const std::size_t end = rest.find('/');
    const std::string_view name = rest.substr(0, end);
    if (name.empty() || name == "." || name == "..") return "a path is written without '..', '.' and '//'";
    if (end == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(end + 1);
  }
}

void read_files(Values& values, const Yaml& value, std::vector<net::File>& into) {
  values.each_entry(
      value, "'files'",
      [&](const Text& path, const Yaml& body) {
        if (const auto reason = bad_path(path.value))
          return values.context.report.error(
              path.at, fmt::format("'{}' cannot be the path of a file", path.value), *reason);
        net::File file{std::string(path.value), {}, 0644};
        if (body.is_map())
          read_file_map(values, body, file);
        else if (const auto text = values.text(body, "what a file holds", Braces::Free))
          file.content = text->value;
        if (!values.context.charge_content(file.content.size(), body.at)) return;
        entry(into, path.value, [](auto& one) -> std::string& { return one.path; }) = std::move(file);
      },
      "files: {/etc/motd: hello}");
}

void read_environment(Values& values, const Yaml& value,
                      std::vector<std::pair<std::string, std::string>>& into) {
  values.each_entry(
      value, "'env'",
      [&](const Text& name, const Yaml& body) {
        if (!is_variable_name(name.value))
          return values.context.report.error(
              name.at, fmt::format("'{}' cannot be the name of an environment variable", name.value),
              "letters, digits and _");
        if (const auto text = values.text(body, fmt::format("'{}'", name.value), Braces::Free))
          entry(into, name.value, [](auto& one) -> std::string& { return one.first; }).second = text->value;
      },
      "env: {LANG: C}");
}

void read_sysctls(Values& values, const Yaml& value, std::vector<net::Sysctl>& into) {
  values.each_entry(
      value, "'sysctl'",
      [&](const Text& name, const Yaml& body) {
        Report& report = values.context.report;
        if (name.value.find('/') != std::string_view::npos ||
            name.value.find("..") != std::string_view::npos || name.value.ends_with('.'))
          return report.error(name.at, fmt::format("'{}' cannot be the name of a sysctl", name.value),
                              "names are written with single dots: net.ipv4.ip_forward");
        if (!name.value.starts_with("net."))
          return report.error(name.at, fmt::format("sysctl '{}' belongs to the whole host", name.value),
                              "a node has its own of those that begin with 'net.'");
        if (const auto text = values.text(body, fmt::format("'{}'", name.value)))
          entry(into, name.value, [](auto& one) -> std::string& { return one.name; }).value = text->value;
      },
      "sysctl: {net.ipv4.ip_forward: 1}");
}

std::vector<std::string> read_firewall(Values& values, const Yaml& value) {
  std::vector<std::string> rulesets;
  const auto take = [&](std::string_view text, Span at) {
    if (values.context.charge_content(text.size(), at)) rulesets.emplace_back(text);
  };
  if (!value.is_map()) {
    if (const auto text = values.text(value, "'firewall'", Braces::Free)) take(text->value, text->at);
    return rulesets;
  }
  values.each_key(value, firewall_object, [&](const Object::Found&, const Yaml& one) {
    const auto path = values.text(one, "'file'");
    if (!path) return;
    if (const std::string* content =
            values.context.file(values.context.beside(path->at, path->value), path->at))
      take(*content, path->at);
  });
  return rulesets;
}

}  // namespace hopyard::language
