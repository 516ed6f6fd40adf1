#include "lab/lab.hh"

#include <fmt/format.h>

namespace hopyard::lab {
namespace {

std::string end_name(const Lab& lab, const End& end) {
  if (end.to == End::To::Network) return lab.networks[end.index].name;
  const Node& node = lab.nodes[end.index];
  return fmt::format("{}:{}", node.name, node.interfaces[end.interface].name);
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Host:
      return "host";
    case Kind::Router:
      return "router";
    case Kind::Switch:
      return "switch";
    case Kind::Hub:
      return "hub";
  }
  return "host";
}

std::string link_name(const Lab& lab, const Link& link) {
  return fmt::format("{} -- {}", end_name(lab, link.ends[0]), end_name(lab, link.ends[1]));
}

}  // namespace hopyard::lab
