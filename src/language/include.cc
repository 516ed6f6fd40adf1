#include "language/include.hh"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "language/values.hh"

namespace hopyard::language {
namespace {

/// What a section calls its entries, for the message about one that is there twice.
std::string_view noun(std::string_view section) {
  if (section == "nodes") return "node";
  if (section == "networks") return "network";
  if (section == "kinds") return "kind";
  if (section == "machines") return "machine";
  return "key";
}

/// The keys of one map: few are compared one by one, many are hashed.
class Keys {
 public:
  explicit Keys(std::size_t size) : hashed_(size > 16) {
    if (hashed_) keys_.reserve(size);
  }
  /// The same key among those before, which stand at every other place of @p before; nullptr if it is new.
  const Yaml* add(const Yaml* key, std::span<Yaml* const> before) {
    if (hashed_) {
      const auto [known, fresh] = keys_.try_emplace(key->text, key);
      return fresh ? nullptr : known->second;
    }
    for (std::size_t i = 0; i < before.size(); i += 2)
      if (before[i]->text == key->text) return before[i];
    return nullptr;
  }

 private:
  bool hashed_;
  std::unordered_map<std::string_view, const Yaml*> keys_;
};

/// Where a value stands in a lab file, as far as laying one over another goes.
enum class Level : std::uint8_t { Root, Links, Inner };

class Files {
 public:
  Files(Context& context, Variables& variables) : context_(context), variables_(variables) {}

  Yaml* read(const std::string& path, Span wanted_by);

 private:
  static constexpr std::size_t most_files = 256;

  void read_includes(const Yaml& root, std::vector<Yaml*>& included);
  void read_include(Yaml* name, std::vector<Yaml*>& included);
  Yaml* without_duplicates(Yaml* value, std::string_view section, std::size_t depth);
  void duplicate(const Yaml& key, const Yaml& first, std::string_view what);
  Yaml* overlay(Yaml* below, Yaml* above, Level level);

  Context& context_;
  Variables& variables_;
  std::vector<std::string> open_;  ///< the chain of files from the first one to the one being read
  std::unordered_map<std::string, Span> seen_;
  std::unordered_map<const Yaml*, Yaml*> clean_;
};

Yaml* Files::read(const std::string& path, Span wanted_by) {
  auto text = context_.load(path);
  if (!text) {
    context_.report.error(wanted_by, fmt::format("cannot {}", text.error().text()));
    return nullptr;
  }
  const std::uint32_t file = context_.sources.add(path, std::move(*text));
  Yaml* root =
      parse_yaml(file, context_.sources.text(file), context_.budget, context_.arena, context_.report);
  if (root == nullptr) return nullptr;
  if (!root->is_map()) {
    context_.report.error(root->at, fmt::format("a lab file must be a map, not {}", shown(*root)),
                          "links: [a -- b]");
    return nullptr;
  }
  if (const Yaml* declared = root->find("variables")) variables_.declare(*declared);
  open_.push_back(path);
  std::vector<Yaml*> included;
  read_includes(*root, included);
  open_.pop_back();
  root = without_duplicates(variables_.replace_all(root), {}, 0);
  Yaml* below = nullptr;
  for (Yaml* one : included) below = below == nullptr ? one : overlay(below, one, Level::Root);
  return below == nullptr ? root : overlay(below, root, Level::Root);
}

void Files::read_includes(const Yaml& root, std::vector<Yaml*>& included) {
  const Yaml* value = root.find("include");
  if (value == nullptr || value->is_null()) return;
  if (value->is_list()) {
    for (Yaml* one : value->children) read_include(one, included);
  } else {
    read_include(context_.arena.make(*value), included);
  }
}

void Files::read_include(Yaml* name, std::vector<Yaml*>& included) {
  const auto path = Values(context_, {}).text(*variables_.replace(name), "'include'");
  if (!path) return;
  const std::string file = context_.beside(path->at, path->value);
  if (const auto found = std::find(open_.begin(), open_.end(), file); found != open_.end()) {
    const std::vector<std::string> chain(found, open_.end());
    return context_.report.error(path->at, fmt::format("'{}' includes itself", path->value),
                                 fmt::format("{} -> {}", fmt::join(chain, " -> "), file));
  }
  if (open_.size() >= Budget::deepest)
    return context_.report.error(path->at,
                                 fmt::format("files include each other more than {} deep", Budget::deepest));
  if (!seen_.emplace(file, path->at).second) return;
  if (seen_.size() >= most_files)
    return context_.report.error(path->at, fmt::format("the lab is made of more than {} files", most_files));
  if (Yaml* root = read(file, path->at)) included.push_back(root);
}

/// Reports keys that a map has twice and keeps the first of each.
Yaml* Files::without_duplicates(Yaml* value, std::string_view section, std::size_t depth) {
  if (value->children.empty()) return value;
  if (value->shared)
    if (const auto found = clean_.find(value); found != clean_.end()) return found->second;
  const std::size_t step = value->is_map() ? 2 : 1;
  std::vector<Yaml*> kept;
  bool changed = false;
  Keys first(value->is_map() ? value->size() : 0);
  for (std::size_t i = 0; i + step <= value->children.size(); i += step) {
    Yaml* key = value->children[i];
    const Yaml* known = value->is_map() ? first.add(key, value->children.first(i)) : nullptr;
    if (known != nullptr) duplicate(*key, *known, depth == 1 ? noun(section) : "key");
    Yaml* old = value->children[i + step - 1];
    Yaml* clean = known != nullptr
                      ? nullptr
                      : without_duplicates(old, depth == 0 ? key->text : std::string_view(), depth + 1);
    if (clean != old && !changed) {
      changed = true;
      kept.assign(value->children.begin(), value->children.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (!changed || clean == nullptr) continue;
    if (value->is_map()) kept.push_back(key);
    kept.push_back(clean);
  }
  Yaml* result = value;
  if (changed) {
    Yaml fresh = *value;
    fresh.children = context_.arena.keep(kept);
    result = context_.arena.make(fresh);
  }
  if (value->shared) clean_[value] = result;
  return result;
}

void Files::duplicate(const Yaml& key, const Yaml& first, std::string_view what) {
  context_.report.error(key.at, fmt::format("duplicate {} '{}'", what, key.text),
                        fmt::format("the first is at {}", context_.sources.where(first.at)));
}

Yaml* Files::overlay(Yaml* below, Yaml* above, Level level) {
  if (above->is_null()) return below;
  if (level == Level::Links && below->is_list() && above->is_list()) {
    std::vector<Yaml*> both(below->children.begin(), below->children.end());
    both.insert(both.end(), above->children.begin(), above->children.end());
    Yaml fresh = *above;
    fresh.children = context_.arena.keep(both);
    return context_.arena.make(fresh);
  }
  if (!below->is_map() || !above->is_map()) return above;
  std::vector<Yaml*> merged(below->children.begin(), below->children.end());
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < merged.size(); i += 2) places.emplace(merged[i]->text, i);
  for (std::size_t i = 0; i < above->children.size(); i += 2) {
    Yaml* key = above->children[i];
    Yaml* value = above->children[i + 1];
    const auto [known, fresh] = places.try_emplace(key->text, merged.size());
    if (fresh) {
      merged.insert(merged.end(), {key, value});
      continue;
    }
    merged[known->second] = key;
    Yaml*& old = merged[known->second + 1];
    old = overlay(old, value, level == Level::Root && key->text == "links" ? Level::Links : Level::Inner);
  }
  Yaml result = *above;
  result.children = context_.arena.keep(merged);
  return context_.arena.make(result);
}

}  // namespace

const Yaml* read_files(Context& context, Variables& variables) {
  const Yaml* root = Files(context, variables).read(context.options.path, {});
  if (root != nullptr) variables.check_settings();
  return root;
}

}  // namespace hopyard::language
