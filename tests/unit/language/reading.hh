#pragma once

#include <map>
#include <string>

#include "language/language.hh"

namespace hopyard::language::test {

using Files = std::map<std::string, std::string>;

/// Reads "lab.yaml" out of @p files, which are all that there is.
inline Reading read_files(const Files& files, Options options = {}) {
  options.path = "lab.yaml";
  return read(options, [&](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return failure("read", path, ENOENT);
    return found->second;
  });
}

inline Reading read_text(const std::string& text, Options options = {}) {
  return read_files({{"lab.yaml", text}}, std::move(options));
}

/// What was said, a line for each: "3:5 unknown key 'x'".
inline std::string said(const Reading& reading) {
  std::string lines;
  for (const Diagnostic& one : reading.diagnostics.all()) {
    const Position at = one.at.known() ? reading.sources.position(one.at.file, one.at.begin) : Position{0, 0};
    lines += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + one.message + "\n";
  }
  return lines;
}

/// The node of that name; the test fails with an exception if there is none.
inline const lab::Node& node(const Reading& reading, std::string_view name) {
  for (const lab::Node& one : reading.lab.nodes)
    if (one.name == name) return one;
  throw std::out_of_range("no node " + std::string(name));
}

/// "eth0=10.0.0.1/30 wan0=…": the addresses of a node's interfaces in their order.
inline std::string addresses(const lab::Node& node) {
  std::string text;
  for (const lab::Interface& one : node.interfaces)
    for (const InterfaceAddress& address : one.addresses)
      text.append(text.empty() ? "" : " ").append(one.name).append("=").append(address.text());
  return text;
}

/// "a:eth0 -- b:eth0, …": all links.
inline std::string links(const Reading& reading) {
  std::string text;
  for (const lab::Link& one : reading.lab.links)
    text.append(text.empty() ? "" : ", ").append(lab::link_name(reading.lab, one));
  return text;
}

}  // namespace hopyard::language::test
