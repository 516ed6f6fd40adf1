#include "language/yaml_error.hh"

#include <fmt/format.h>

#include <array>

namespace hopyard::language {
namespace {

struct Explanation {
  std::string_view problem;  ///< the beginning of libyaml's words
  std::string_view message;
  std::string_view help;
  bool at_context;
};

constexpr std::string_view quote_help =
    "within { } and [ ], text that holds { } [ ] or a comma needs quotes: {subnet: '172.31.{i+1}.0/24'}";

constexpr std::array explanations{
    Explanation{"did not find expected ',' or '}'", "expected ',' or '}' here", quote_help, false},
    Explanation{"did not find expected ',' or ']'", "expected ',' or ']' here", quote_help, false},
    Explanation{"mapping values are not allowed in this context", "a ':' cannot stand here",
                "check the indentation; text that holds ': ' needs quotes", false},
    Explanation{"could not find expected ':'", "expected 'KEY: VALUE'",
                "every line of a map is 'KEY: VALUE'; check the indentation", true},
    Explanation{"did not find expected key", "expected a key here",
                "keys of one map begin in one column; text that begins with { or [ needs quotes", false},
    Explanation{"did not find expected '-' indicator", "expected '- ' here",
                "entries of one list begin in one column", false},
    Explanation{"did not find expected <document start>", "expected the end of the file here",
                "text that begins with a quote, { or [ ends with it; put quotes around all of it", false},
    Explanation{"found unknown escape character", "an escape that YAML does not know",
                "in single quotes a backslash is just a backslash", false},
    Explanation{"found unexpected document indicator", "a quoted text does not end", "close the quote", true},
    Explanation{"found unexpected ':'", "a ':' cannot stand here",
                "within { } and [ ], text that begins with ':' needs quotes: {eth0: '::20'}", false},
};

}  // namespace

SyntaxError explain(std::string_view problem, std::string_view context, std::string_view rest) {
  if (problem.starts_with("found character that cannot start any token")) {
    if (rest.starts_with('\t')) return {"a tab cannot indent", "YAML is indented with spaces", false};
    return {fmt::format("text cannot begin with '{}'", rest.substr(0, 1)), "put quotes around it", false};
  }
  if (problem.starts_with("found a tab character") || problem.starts_with("found tab"))
    return {"a tab cannot indent", "YAML is indented with spaces", false};
  if (problem == "found unexpected end of stream")
    return {"a quoted text does not end", "close the quote", true};
  for (const Explanation& one : explanations)
    if (problem.starts_with(one.problem))
      return {std::string(one.message), std::string(one.help), one.at_context};
  const std::string while_doing = context.empty() ? std::string() : fmt::format(" ({})", context);
  return {fmt::format("not YAML: {}{}", problem, while_doing), {}, false};
}

}  // namespace hopyard::language
