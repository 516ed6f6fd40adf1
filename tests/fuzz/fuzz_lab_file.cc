// Reads arbitrary bytes as a lab file. What comes out without a mistake has to be a whole lab.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lab/lab.hh"
#include "language/language.hh"

namespace {

using namespace hopyard;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_node(const lab::Lab& lab, const lab::Node& node) {
  require(!node.name.empty() && !node.machine.hostname.empty());
  for (const lab::Interface& one : node.interfaces) {
    require(!one.name.empty() && one.name.size() <= 15);
    require(one.link < lab.links.size() && one.end < 2);
    require(!one.mac.zero() && !one.mac.multicast());
    for (const InterfaceAddress& address : one.addresses)
      require(address.length <= bits(address.address.family()));
  }
}

void check_lab(const lab::Lab& lab) {
  require(!lab.name.empty());
  for (const lab::Node& node : lab.nodes) check_node(lab, node);
  for (const lab::Link& link : lab.links)
    for (const lab::End& end : link.ends) {
      if (end.to == lab::End::To::Network)
        require(end.index < lab.networks.size());
      else
        require(end.index < lab.nodes.size() && end.interface < lab.nodes[end.index].interfaces.size());
    }
}

/// True for a text with a range of a hundred and more: large labs are right to take their time, and find
/// nothing that small ones do not.
bool large(std::string_view text) {
  for (std::size_t at = text.find(".."); at != std::string_view::npos; at = text.find("..", at + 1)) {
    const std::string_view last = text.substr(at + 2, 3);
    if (last.size() == 3 && last.find_first_not_of("0123456789") == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (large(text)) return 0;
  language::Options options;
  options.path = "lab.yaml";
  const language::Reading reading =
      language::read(options, [&](const std::string& path) -> Result<std::string> {
        if (path == "lab.yaml" || path == "self.yaml") return text;
        return failure("read", path, ENOENT);
      });
  for (const Diagnostic& one : reading.diagnostics.all())
    require(!render(one, reading.sources, false).empty());
  if (!reading.diagnostics.failed()) check_lab(reading.lab);
  return 0;
}
