#include "language/variables.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "language/values.hh"

namespace hopyard::language {
namespace {

bool is_name(std::string_view text) {
  const auto word = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
  };
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(), word);
}

constexpr std::string_view spelling = "write ${NAME} or ${NAME:-DEFAULT}; a plain '${' is written '$${'";

}  // namespace

Variables::Variables(const Options& options, Arena& arena, Report& report)
    : options_(options), arena_(arena), report_(report) {}

void Variables::declare(const Yaml& map) {
  if (map.is_null()) return;
  if (!map.is_map()) return report_.error(map.at, "'variables' must be a map", "variables: {NAME: value}");
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Yaml& key = map.key(i);
    if (!is_name(key.text)) {
      report_.error(key.at, fmt::format("'{}' cannot be the name of a variable", key.text),
                    "letters, digits and _");
    } else if (!map.value(i).is_scalar() && !map.value(i).is_null()) {
      report_.error(map.value(i).at, fmt::format("variable '{}' must be text", key.text));
    } else {
      declared_.try_emplace(key.text, Declared{&map.value(i)});
    }
  }
}

Yaml* Variables::replace(Yaml* scalar) {
  if (!scalar->is_scalar() || scalar->text.find("${") == std::string_view::npos) return scalar;
  const std::size_t before = report_.errors();
  broken_ = false;
  const std::string text = replaced(scalar->text, scalar->at);
  bytes_ += text.size();
  if (bytes_ > most_replaced) {
    report_.error(scalar->at, fmt::format("variables grow to more than {} MiB here", most_replaced >> 20U));
    return scalar;
  }
  Yaml fresh = *scalar;
  fresh.plain = false;
  fresh.broken = broken_ || report_.errors() != before;
  fresh.text = arena_.keep(text);
  fresh.varies = text.find('{') != std::string::npos;
  return arena_.make(fresh);
}

Yaml* Variables::replace_all(Yaml* root) {
  if (root->is_scalar()) return replace(root);
  if (root->children.empty()) return root;
  if (root->shared)
    if (const auto found = done_.find(root); found != done_.end()) return found->second;
  std::vector<Yaml*> fresh;  // empty until something differs
  for (std::size_t i = 0; i < root->children.size(); ++i) {
    Yaml* child = replace_all(root->children[i]);
    if (child != root->children[i] && fresh.empty())
      fresh.assign(root->children.begin(), root->children.end());
    if (!fresh.empty()) fresh[i] = child;
  }
  Yaml* result = root;
  if (!fresh.empty()) {
    Yaml changed = *root;
    changed.children = arena_.keep(fresh);
    result = arena_.make(changed);
  }
  if (root->shared) done_[root] = result;
  return result;
}

std::string Variables::replaced(std::string_view text, Span at) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find("${");
    if (open == std::string_view::npos) break;
    if (open > 0 && text[open - 1] == '$') {
      out.append(text.substr(0, open - 1)).append("${");
      text.remove_prefix(open + 2);
      continue;
    }
    out += text.substr(0, open);
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) {
      report_.error(at, "a '${' without its '}'", std::string(spelling));
      return out;
    }
    replace_one(text.substr(open + 2, close - open - 2), at, out);
    text.remove_prefix(close + 1);
    if (out.size() > longest_text) {
      report_.error(at, fmt::format("variables make this text longer than {} MiB", longest_text >> 20U));
      return {};
    }
  }
  return out.append(text);
}

void Variables::replace_one(std::string_view inside, Span at, std::string& out) {
  const std::size_t colon = inside.find(":-");
  const std::string_view name = inside.substr(0, colon);
  if (!is_name(name))
    return report_.error(at, fmt::format("'${{{}}}' is not a variable", inside), std::string(spelling));
  const auto found = value(name, at);
  if (found && (!found->empty() || colon == std::string_view::npos))
    out += *found;
  else if (colon != std::string_view::npos)
    out += inside.substr(colon + 2);
  else
    undefined(name, at);
}

std::optional<std::string> Variables::value(std::string_view name, Span at) {
  used_.emplace(name);
  for (auto one = options_.variables.rbegin(); one != options_.variables.rend(); ++one)
    if (one->first == name) return one->second;
  if (options_.environment)
    if (auto found = options_.environment(std::string(name))) return found;
  const auto found = declared_.find(name);
  if (found == declared_.end()) return std::nullopt;
  Declared& declared = found->second;
  if (declared.value->is_null()) return std::string();
  broken_ = broken_ || declared.broken;
  if (declared.text) return declared.text;
  if (declared.open || depth_ >= deepest) {
    report_.error(at, declared.open ? fmt::format("variable '{}' is made of itself", name)
                                    : fmt::format("variables made of variables more than {} deep", deepest));
    return std::string();
  }
  declared.open = true;
  ++depth_;
  const std::size_t before = report_.errors();
  declared.text = replaced(declared.value->text, declared.value->at);
  --depth_;
  declared.broken = report_.errors() != before;
  declared.open = false;
  return declared.text;
}

void Variables::undefined(std::string_view name, Span at) {
  std::vector<std::string_view> names;
  names.reserve(declared_.size() + used_.size() + options_.variables.size());
  for (const auto& [one, declared] : declared_) names.push_back(one);
  for (const auto& [one, text] : options_.variables) names.push_back(one);
  std::sort(names.begin(), names.end());
  std::string help = suggest(name, names);
  if (help.empty())
    help = fmt::format(
        "give it with --set {0}=VALUE, in the environment, under 'variables', or as ${{{0}:-DEFAULT}}", name);
  report_.error(at, fmt::format("variable '{}' has no value", name), std::move(help));
}

void Variables::check_settings() {
  std::vector<std::string_view> names;
  names.reserve(declared_.size() + used_.size() + options_.variables.size());
  for (const auto& [one, declared] : declared_) names.push_back(one);
  for (const auto& one : used_) names.push_back(one);
  std::sort(names.begin(), names.end());
  for (const auto& [name, text] : options_.variables)
    if (!used_.contains(name) && !declared_.contains(name))
      report_.error({}, fmt::format("--set {}: the lab uses no variable of this name", name),
                    suggest(name, names));
}

}  // namespace hopyard::language
