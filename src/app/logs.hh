#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "keeper/registry.hh"

namespace hopyard::app {

struct WhichLogs {
  std::string lab;
  std::string node;                  ///< or "LAB/NODE"
  std::string service;               ///< empty for all of the node, and its `run` commands
  std::optional<std::size_t> lines;  ///< only so many of the last ones of each; nothing for all
  bool follow = false;               ///< goes on with what comes, until the node ends
};

struct Logs {
  std::string lab;
  std::string node;
  std::vector<std::string> services;  ///< whose logs are read, in the order of the lab file, later ones last
};

/// Reads what the services of a node have said.
/// @param begin called first, with what is going to be read, and again when following finds logs that begin
/// later: of the service that was asked for, or without one of any service that the node gets. @param line
/// called for each line, without its line break, as it comes; a last one that has none yet is waited for when
/// following.
[[nodiscard]] Result<> logs(
    const keeper::Registry& registry, const WhichLogs& which,
    const std::function<void(const Logs& logs)>& begin,
    const std::function<void(const std::string& service, std::string_view line)>& line);

}  // namespace hopyard::app
