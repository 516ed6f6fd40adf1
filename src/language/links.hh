#pragma once

#include <optional>
#include <vector>

#include "language/draft.hh"

namespace hopyard::language {

/// Makes the links of a lab, one by one, for whoever knows which ends belong together.
class Links {
 public:
  explicit Links(Draft& draft) : context(draft.context), draft_(draft) {}

  /// A link between two ends ("r1", "r1:eth0", "lan") that reads its values from @p attributes (a map, or
  /// null) of @p object, where the letters of @p indices stand for numbers. Reports what is wrong; @p at is
  /// the link's place.
  void connect(const Text& left, const Text& right, const Indices& indices, const Yaml* attributes,
               const Object& object, Span at);
  /// Two texts with ranges: equal counts go side by side, one goes to each of many.
  void zip(const Text& left, const Text& right, const Yaml* attributes, const Object& object, Span at);
  /// Takes @p more links into account before they are made; false, and reported, if the lab cannot have them.
  [[nodiscard]] bool room_for(std::size_t more, Span at);
  /// A router that a shape makes; a node that is there already stays what it is.
  void make_node(const Text& name, bool router);

  Context& context;

 private:
  struct Attributes {
    lab::Link link;
    LinkDraft draft;
  };
  [[nodiscard]] std::optional<lab::End> end(const Text& text, Text& interface);
  void read(const Yaml& layer, const Object& object, const Indices& indices, Attributes& into);
  void read_own(Values& values, LinkKey key, const Yaml& value, Attributes& into);

  Draft& draft_;
};

/// A shape (chain, star, …) under @p key, with the attributes of its links beside it in @p entry.
void read_shape(Links& links, EntryKey key, const Yaml& value, const Yaml& entry);

}  // namespace hopyard::language
