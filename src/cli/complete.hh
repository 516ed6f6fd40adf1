#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hh"

/// What the shells offer at TAB. The three of them ask here, so that they offer the same.
namespace hopyard::cli {

struct Candidate {
  std::string word;
  std::string about;  ///< one line; may be empty
};

/// What follows the candidates, for the shell to do itself.
enum class Also : std::uint8_t { Nothing, Files, Commands };

struct Candidates {
  std::vector<Candidate> list;
  Also also = Also::Nothing;
};

/// Where the names of running labs come from; asked only when they are needed. Each gives nothing when it
/// cannot be told.
struct Names {
  std::function<std::vector<std::string>()> labs;
  /// @param lab empty for the only one that runs.
  std::function<std::vector<std::string>(const std::string& lab)> nodes;
  /// Services of a node.
  std::function<std::vector<std::string>(const std::string& lab, const std::string& node)> services;
  /// Links as "a:eth0--b:eth0".
  std::function<std::vector<std::string>(const std::string& lab)> links;
  /// Network namespaces with names of this host.
  std::function<std::vector<std::string>()> namespaces = {};
};

/// @param words the command line after the program's name, up to the cursor; the last one is the word to
/// complete, "" for a new one.
[[nodiscard]] Candidates complete(std::span<const std::string> words, const Names& names);

/// A command line up to the cursor, split as a shell does (quotes and backslashes, no expansion), without the
/// program's name. A space at the end begins a new, empty word.
[[nodiscard]] std::vector<std::string> split_line(std::string_view line);

/// bash replaces only what follows the last of COMP_WORDBREAKS in a word: the candidates for @p word without
/// what stands before.
void strip_to_break(std::vector<Candidate>& candidates, std::string_view word, std::string_view breaks);

/// The script that teaches @p shell ("bash", "zsh", "fish") to ask; nothing for another.
[[nodiscard]] std::string_view completion_script(std::string_view shell);

}  // namespace hopyard::cli
