#include "language/kinds.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard::language {
namespace {

constexpr lab::Kind own_kinds[] = {lab::Kind::Host, lab::Kind::Router,    lab::Kind::Switch,
                                   lab::Kind::Hub,  lab::Kind::Container, lab::Kind::External,
                                   lab::Kind::Vm};

}  // namespace

void Kinds::unknown(const Text& word) {
  std::vector<std::string_view> words = offered(kind_words());
  if (draft_.kinds != nullptr && draft_.kinds->is_map())
    for (std::size_t i = 0; i < draft_.kinds->size(); ++i) words.push_back(draft_.kinds->key(i).text);
  std::string help = suggest(word.value, words);
  if (help.empty())
    help = "host, router, switch, hub, container, external, vm, or a kind of your own under 'kinds'";
  draft_.context.report.error(word.at, fmt::format("'kind' cannot be '{}'", word.value), std::move(help));
}

const KindMeaning* Kinds::meaning(const Text& word) {
  if (const auto found = known_.find(word.value); found != known_.end()) return &found->second;
  if (std::find(open_.begin(), open_.end(), word.value) != open_.end()) {
    draft_.context.report.error(word.at, fmt::format("kind '{}' is made of itself", word.value));
    return nullptr;
  }
  const Yaml* layer = draft_.kinds == nullptr ? nullptr : draft_.kinds->find(word.value);
  const auto words = kind_words();
  const auto own =
      std::find_if(words.begin(), words.end(), [&](const Choice& one) { return one.word == word.value; });
  if (own != words.end() && own->reserved) {
    draft_.context.report.error(word.at, fmt::format("kind '{}' is not yet supported", word.value),
                                std::string(reserved_help));
    return nullptr;
  }
  KindMeaning meaning_here;
  if (own != words.end()) {
    meaning_here.kind = own_kinds[own - words.begin()];
  } else if (layer == nullptr) {
    unknown(word);
    return nullptr;
  } else if (const Yaml* base = layer->find("kind")) {
    const auto base_word = Values(draft_.context, {}).text(*base, "'kind'");
    if (!base_word || open_.size() > Budget::deepest) return nullptr;
    open_.push_back(word.value);
    const KindMeaning* below = meaning(*base_word);
    open_.pop_back();
    if (below == nullptr) return nullptr;
    meaning_here = *below;
  }
  if (layer != nullptr) meaning_here.layers.push_back(layer);
  return &known_.emplace(word.value, std::move(meaning_here)).first->second;
}

void Kinds::check_all() {
  if (draft_.kinds == nullptr) return;
  Values values(draft_.context, {});
  values.each_entry(
      *draft_.kinds, "'kinds'",
      [&](const Text& name, const Yaml& body) {
        if (!values.map(body, fmt::format("kind '{}'", name.value))) return;
        values.each_key(body, node_object, [](const Object::Found&, const Yaml&) {});
        const auto words = kind_words();
        const bool own = std::any_of(words.begin(), words.end(),
                                     [&](const Choice& one) { return one.word == name.value; });
        const Yaml* base = body.find("kind");
        if (own && base != nullptr)
          return draft_.context.report.error(
              base->at, fmt::format("'{}' is a kind of the language and has no other below it", name.value),
              "give a kind of your own another name");
        (void)meaning(name);
      },
      "kinds: {edge: {kind: router}}");
}

}  // namespace hopyard::language
