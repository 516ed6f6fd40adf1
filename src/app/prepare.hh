#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hh"
#include "language/language.hh"
#include "net/desired.hh"
#include "plan/plan.hh"

namespace hopyard::app {

/// Which lab is meant, as the command line says it.
struct LabSource {
  std::string path = ".";           ///< a lab file or a folder with one
  std::optional<std::string> name;  ///< instead of the name in the file
  std::vector<std::pair<std::string, std::string>> variables;
  std::optional<std::string> machine = {};  ///< which of the lab's machines this is
  bool whole = false;                       ///< of a lab on several machines all is wanted, if none is said
};

struct Counts {
  std::size_t nodes = 0;
  std::size_t networks = 0;
  std::size_t links = 0;
  std::size_t interfaces = 0;
  std::size_t addresses = 0;  ///< without those that every namespace has on lo
  std::size_t routes = 0;
  std::size_t operations = 0;
};

/// A lab file read, lowered and planned. If reading.diagnostics.failed(), there is nothing but the reading.
struct Prepared {
  std::string path;
  language::Reading reading;
  std::optional<std::uint32_t> machine;  ///< index into the lab's machines: the one that this is a part for
  net::Desired desired;
  plan::Plan plan;
  Counts counts;
};

/// Reads, lowers and plans without touching the system beyond reading files and the environment, and asking
/// the daemons' own parsers about configurations that the file brings. The error says that there is no file
/// to read, or that the machine is missing; mistakes in it are diagnostics of the reading.
[[nodiscard]] Result<Prepared> prepare(const LabSource& source);

/// The lab with the nodes that this machine has a part in, and without links: for looking at what nodes are.
[[nodiscard]] lab::Lab nodes_here(const Prepared& prepared);

/// Where the other machines have to reach this one, in words: "192.0.2.1, UDP port 4789 (vxlan)"; empty for
/// a lab on one machine, and where nothing leads to the others.
[[nodiscard]] std::string reached_at(const Prepared& prepared);

/// One operation of a plan, in words.
struct Step {
  std::string words;
  std::string undo;   ///< empty when it goes with something else
  std::string where;  ///< file:line:column that asked for it; empty when nothing in the file did
};

/// Step number @p index of the plan, in the order of its stages.
[[nodiscard]] Step step(const Prepared& prepared, std::size_t index);

/// "K=V" of --set taken apart; the name must be a C identifier, as ${NAME} in a lab file.
[[nodiscard]] Result<std::pair<std::string, std::string>> parse_variable(std::string_view text);

}  // namespace hopyard::app
