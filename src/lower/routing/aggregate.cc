#include "lower/routing/aggregate.hh"

#include <algorithm>
#include <iterator>

namespace hopyard::lower::routing {
namespace {

Prefix half_of(const Prefix& whole, int half) {
  Prefix part{whole.address, static_cast<std::uint8_t>(whole.length + 1)};
  part.address.set_bit(whole.length, half != 0);
  return part;
}

Prefix sibling_of(const Prefix& prefix) {
  Prefix sibling = prefix;
  sibling.address.set_bit(prefix.length - 1U, !prefix.address.bit(prefix.length - 1U));
  return sibling;
}

/// Whether @p label fits a half of @p node, going by what fits the child there, with all other addresses
/// having the label @p inner.
template <class ChildFits>
bool fits_half(const Trie& trie, const Trie::Node& node, int half, Label label, Label inner,
               ChildFits child_fits) {
  if (node.child[half] == Trie::no_node) return label == inner;
  const unsigned bits_between = gap(node, trie[node.child[half]]);
  if (bits_between == 0) return child_fits(half, label);
  if (label == inner) return true;
  return bits_between == 1 && !child_fits(half, inner) && child_fits(half, label);
}

/// Whether a node that @p inherited does not fit can leave it to its halves at no price: one of them has no
/// need of a route, or they would need one beside the route with @p best anyway. A default route is not left
/// to halves.
template <class ChildFits>
bool halves_may(const Trie& trie, const Trie::Node& node, Label inherited, Label best, Label inner,
                ChildFits child_fits) {
  const auto halves_fitted = [&](Label label) {
    return int{fits_half(trie, node, 0, label, inner, child_fits)} +
           int{fits_half(trie, node, 1, label, inner, child_fits)};
  };
  return inherited != Labels::no_label && (halves_fitted(inherited) == 1 || halves_fitted(best) == 1);
}

}  // namespace

std::span<const Chosen> Aggregator::run(const Trie& trie, const Line& line, std::span<const Label> scattered,
                                        std::span<const Pin> pins, Label outside) {
  trie_ = &trie;
  line_ = &line;
  scattered_ = scattered;
  pins_ = pins;
  frames_.clear();
  fits_.clear();
  chosen_.clear();
  go_down(go_up(0, outside), Labels::no_label);
  std::sort(chosen_.begin(), chosen_.end(),
            [](const Chosen& left, const Chosen& right) { return left.to < right.to; });
  return chosen_;
}

std::uint32_t Aggregator::go_up(std::uint32_t index, Label outside) {
  const Trie::Node& node = (*trie_)[index];
  const auto pin = std::lower_bound(pins_.begin(), pins_.end(), index,
                                    [](const Pin& one, std::uint32_t value) { return one.node < value; });
  Frame frame;
  frame.node = index;
  if (pin != pins_.end() && pin->node == index) frame.pin = &*pin;
  frame.inner = outside;
  if (!go_up_at_once(frame, pin != pins_.end() && pin->node < node.end)) {
    frame.inner = inner_label(node, frame.pin, outside);
    for (int half = 0; half < 2; ++half)
      if (node.child[half] != Trie::no_node) frame.child[half] = go_up(node.child[half], frame.inner);
    join_halves(frame);
  }
  frames_.push_back(frame);
  return static_cast<std::uint32_t>(frames_.size() - 1);
}

/// True when nothing need be looked at below the frame's node.
bool Aggregator::go_up_at_once(Frame& frame, bool pinned) {
  const Trie::Node& node = (*trie_)[frame.node];
  if (pinned) return false;
  const auto inside = node.any_known() ? line_->all(node.low, node.high) : frame.inner;
  if (!inside) return false;
  frame.uniform = true;
  frame.inside = *inside;
  frame.fits_begin = static_cast<std::uint32_t>(fits_.size());
  const bool same = frame.inside == frame.inner;
  if (same || node.inside_fits) fits_.push_back(frame.inside);
  if (!same && node.outside_fits) fits_.push_back(frame.inner);
  frame.fits_end = static_cast<std::uint32_t>(fits_.size());
  std::sort(fits_.begin() + frame.fits_begin, fits_.end());
  return true;
}

Label Aggregator::inner_label(const Trie::Node& node, const Pin* pin, Label outside) const {
  if (pin != nullptr) return pin->label;
  if (node.scattered != Known::no_place) return scattered_[node.scattered];
  return node.place != Known::no_place ? line_->at(node.place) : outside;
}

/// What fits one half of the frame's node, in order. @return true when any label does.
bool Aggregator::half_fits(const Frame& frame, int half, std::vector<Label>& labels) const {
  labels.clear();
  const std::uint32_t child = frame.child[half];
  if (child == Trie::no_node) {
    labels.push_back(frame.inner);
    return false;
  }
  const Frame& below = frames_[child];
  const unsigned bits_between = gap((*trie_)[frame.node], (*trie_)[below.node]);
  const bool inner_only = bits_between > 1 || (bits_between == 1 && fits(child, frame.inner));
  if (!inner_only) {
    if (below.any_fits) return true;
    labels.assign(fits_.begin() + below.fits_begin, fits_.begin() + below.fits_end);
  }
  if (bits_between > 0)
    labels.insert(std::lower_bound(labels.begin(), labels.end(), frame.inner), frame.inner);
  return false;
}

void Aggregator::join_halves(Frame& frame) {
  const bool any[2] = {half_fits(frame, 0, halves_[0]), half_fits(frame, 1, halves_[1])};
  frame.fits_begin = static_cast<std::uint32_t>(fits_.size());
  const auto& [left, right] = halves_;
  if (frame.pin != nullptr || (any[0] && any[1])) {
    frame.any_fits = true;
  } else if (any[0] || any[1]) {
    const auto& only = any[0] ? right : left;
    fits_.insert(fits_.end(), only.begin(), only.end());
  } else {
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(fits_));
    if (fits_.size() == frame.fits_begin)
      std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(fits_));
  }
  frame.fits_end = static_cast<std::uint32_t>(fits_.size());
}

bool Aggregator::fits(std::uint32_t index, Label label) const {
  const Frame& frame = frames_[index];
  return frame.any_fits ||
         std::binary_search(fits_.begin() + frame.fits_begin, fits_.begin() + frame.fits_end, label);
}

void Aggregator::go_down(std::uint32_t index, Label inherited) {
  const Frame frame = frames_[index];
  if (frame.uniform) return go_down_uniform(frame.node, inherited, frame.inside, frame.inner);
  const Trie::Node& node = (*trie_)[frame.node];
  const auto child_fits = [&](int half, Label label) { return fits(frame.child[half], label); };
  Label label = inherited;
  if (frame.pin != nullptr) {
    label = frame.pin->label;
    if (frame.pin->computed) choose(node.prefix, label);
  } else if (!fits(index, inherited)) {
    const Label best = fits(index, frame.inner) ? frame.inner : fits_[frame.fits_begin];
    if (!halves_may(*trie_, node, inherited, best, frame.inner, child_fits))
      choose(node.prefix, label = best);
  }
  for (int half = 0; half < 2; ++half)
    go_down_half(node, half, label, frame.inner, child_fits,
                 [&](Label given) { go_down(frame.child[half], given); });
}

void Aggregator::go_down_uniform(std::uint32_t index, Label inherited, Label inside, Label outside) {
  const Trie::Node& node = (*trie_)[index];
  if (inside == outside || node.known()) {
    if (inherited != inside) choose(node.prefix, inside);
    return;
  }
  const auto fits_two = [&](const Trie::Node& one, Label label) {
    return (label == inside && one.inside_fits) || (label == outside && one.outside_fits);
  };
  const auto child_fits = [&](int half, Label label) { return fits_two((*trie_)[node.child[half]], label); };
  Label label = inherited;
  if (!fits_two(node, inherited)) {
    const Label best = node.outside_fits ? outside : inside;
    if (!halves_may(*trie_, node, inherited, best, outside, child_fits)) choose(node.prefix, label = best);
  } else if (node.routes == 0) {
    return;
  }
  for (int half = 0; half < 2; ++half)
    go_down_half(node, half, label, outside, child_fits,
                 [&](Label given) { go_down_uniform(node.child[half], given, inside, outside); });
}

/// Goes on into one half of @p node, which inherits @p inherited.
template <class ChildFits, class Down>
void Aggregator::go_down_half(const Trie::Node& node, int half, Label inherited, Label inner,
                              ChildFits child_fits, Down down) {
  if (node.prefix.length == bits(node.prefix.family())) return;
  const Prefix whole = half_of(node.prefix, half);
  if (node.child[half] == Trie::no_node) {
    if (inherited != inner) choose(whole, inner);
    return;
  }
  const Trie::Node& below = (*trie_)[node.child[half]];
  const unsigned bits_between = gap(node, below);
  if (bits_between > 0 && inherited != inner) {
    if (bits_between == 1 && child_fits(half, inherited)) {
      choose(sibling_of(below.prefix), inner);
    } else {
      choose(whole, inner);
      inherited = inner;
    }
  }
  down(inherited);
}

void aggregate_two(const Trie& trie, Trie::Node& node) {
  node.inside_fits = node.known();
  node.outside_fits = !node.any_known();
  node.routes = 0;
  if (node.inside_fits || node.outside_fits) return;
  bool inside[2];
  bool outside[2];
  for (int half = 0; half < 2; ++half) {
    inside[half] = false;
    outside[half] = true;
    if (node.child[half] == Trie::no_node) continue;
    const Trie::Node& below = trie[node.child[half]];
    const unsigned bits_between = gap(node, below);
    node.routes += below.routes + (bits_between > 0 && !below.outside_fits ? 1 : 0);
    if (bits_between == 0) outside[half] = below.outside_fits;
    inside[half] = below.inside_fits && (bits_between == 0 || (bits_between == 1 && !below.outside_fits));
  }
  node.inside_fits = inside[0] && inside[1];
  node.outside_fits = outside[0] && outside[1];
  if (node.inside_fits || node.outside_fits) return;
  ++node.routes;
  node.inside_fits = inside[0] || inside[1];
  node.outside_fits = outside[0] || outside[1];
}

}  // namespace hopyard::lower::routing
