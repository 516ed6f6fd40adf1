#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lower/routing/labels.hh"
#include "lower/routing/line.hh"
#include "lower/routing/trie.hh"

/// The fewest routes that send every address where it should go: ORTC, the Optimal Routing Table Constructor
/// of Draves, King, Venkatachary and Zill, "Constructing Optimal IP Routing Tables" (INFOCOM 1999).
///
/// Going up the trie, every node learns which labels fit it: those which, if it inherited them from above,
/// would need the fewest routes below. A leaf is fitted by its own label. A node is fitted by what fits both
/// halves; if nothing does, by what fits either, at the price of one route for the other. Going down, a node
/// that inherits a label which fits gets no route; any other gets a route with one that fits. All labels that
/// do not fit cost exactly one more, which is why the choice does not matter.
///
/// Four things are added to the paper's algorithm:
/// - The trie is compressed. A node's half that holds a child some bits further down has, beside it, only
/// addresses with the label
///   outside; one such bit acts as a half without anything, and a second one changes nothing more.
/// - A prefix that the router's kernel has a route for already (a connected subnet, the person's own route)
/// is a *pin*: any label fits
///   it from above, and below it that route's label is inherited.
/// - Most of the trie looks the same to a router: all that is known below a node goes one way. What fits such
/// a node depends only on
///   whether the way is that of the addresses around, so it is worked out once for all routers
///   (aggregate_two).
namespace hopyard::lower::routing {

/// A route of the router that is there before any is computed.
struct Pin {
  std::uint32_t node;  ///< of the trie
  Label label;         ///< what the route does
  bool computed =
      false;  ///< not there after all: a computed route with the label stands here, whatever is inherited
};

struct Chosen {
  Prefix to;
  Label label;
};

/// One for each thread: it keeps its memory from router to router.
class Aggregator {
 public:
  /// @param line, scattered  the label of each place, and of each prefix that is at several
  /// @param pins  in the order of their nodes, each node once
  /// @param outside  the label of all addresses that no known prefix holds
  /// @return the routes, in the order of the trie: a prefix before those within it.
  std::span<const Chosen> run(const Trie& trie, const Line& line, std::span<const Label> scattered,
                              std::span<const Pin> pins, Label outside);

 private:
  /// What going up found for a node that was looked at.
  struct Frame {
    std::uint32_t node = Trie::no_node;
    Label inner = Labels::stop;  // of the addresses here that no known prefix further down holds
    const Pin* pin = nullptr;
    bool uniform = false;  // all known prefixes from here down have the label inside
    Label inside = Labels::stop;
    bool any_fits = false;  // any label; otherwise those in fits_ from fits_begin to fits_end, in order
    std::uint32_t fits_begin = 0;
    std::uint32_t fits_end = 0;
    std::uint32_t child[2] = {Trie::no_node, Trie::no_node};  // frames
  };
  std::uint32_t go_up(std::uint32_t node, Label outside);
  [[nodiscard]] bool go_up_at_once(Frame& frame, bool pinned);
  [[nodiscard]] Label inner_label(const Trie::Node& node, const Pin* pin, Label outside) const;
  [[nodiscard]] bool half_fits(const Frame& frame, int half, std::vector<Label>& labels) const;
  void join_halves(Frame& frame);
  [[nodiscard]] bool fits(std::uint32_t frame, Label label) const;

  void go_down(std::uint32_t frame, Label inherited);
  void go_down_uniform(std::uint32_t node, Label inherited, Label inside, Label outside);
  template <class ChildFits, class Down>
  void go_down_half(const Trie::Node& node, int half, Label inherited, Label inner, ChildFits child_fits,
                    Down down);
  void choose(const Prefix& to, Label label) { chosen_.push_back({to, label}); }

  const Trie* trie_ = nullptr;
  const Line* line_ = nullptr;
  std::span<const Label> scattered_;
  std::span<const Pin> pins_;
  std::vector<Frame> frames_;
  std::vector<Label> fits_;
  std::vector<Label> halves_[2];
  std::vector<Chosen> chosen_;
};

/// Fills in what fits @p node, whose children are in @p trie already, for two labels.
void aggregate_two(const Trie& trie, Trie::Node& node);

}  // namespace hopyard::lower::routing
