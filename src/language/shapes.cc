#include <fmt/format.h>

#include <algorithm>

#include "language/links.hh"

namespace hopyard::language {
namespace {

/// One shape as it is being made: its nodes, and what is said about its links.
class Shape {
 public:
  Shape(Links& links, const Yaml& value, const Yaml& entry)
      : links_(links), context_(links.context), values_(links.context, {}), value_(value), entry_(entry) {}

  void make(EntryKey key);

 private:
  void chain(bool closed);
  void star();
  void mesh();
  void tree();
  void grid(bool closed);
  void fat_tree();
  void fat_tree_pod(std::size_t pod, std::size_t half, std::size_t hosts);

  /// Reads names with ranges into nodes_; false, and reported, if it is not that.
  bool read_nodes(const Yaml& value, std::size_t least);
  std::size_t columns();
  std::size_t number(const Yaml& value, std::string_view what, std::int64_t least, std::int64_t most,
                     std::size_t otherwise);
  void connect(std::size_t left, std::size_t right) { connect(nodes_[left], nodes_[right]); }
  void connect(const Member& left, const Member& right) {
    Indices indices = left.indices;
    indices.add(right.indices);
    links_.connect(left.name, right.name, indices, &entry_, entry_object, value_.at);
  }
  Member made(std::string_view name, bool router) {
    Member member{{context_.arena.keep(name), value_.at}, {}};
    links_.make_node(member.name, router);
    return member;
  }

  Links& links_;
  Context& context_;
  Values values_;
  const Yaml& value_;
  const Yaml& entry_;
  std::vector<Member> nodes_;
  std::size_t rows_of_pattern_ = 0;  ///< of the second range, when the nodes are one name with two
};

bool Shape::read_nodes(const Yaml& value, std::size_t least) {
  for (const Text& text : values_.texts(value, "the nodes of a shape", Braces::Later)) {
    const auto names = Names::parse(context_, text);
    if (!names) return false;
    if (names->pattern().ranges().size() == 2) rows_of_pattern_ = names->pattern().ranges()[1].count;
    for (std::size_t i = 0; i < names->count(); ++i) {
      const auto member = names->member(context_, i);
      if (!member) return false;
      nodes_.push_back(*member);
    }
    if (nodes_.size() > Context::most_nodes) {
      context_.report.error(text.at, fmt::format("a shape of more than {} nodes", Context::most_nodes));
      return false;
    }
  }
  if (nodes_.size() >= least) return true;
  context_.report.error(value.at,
                        fmt::format("this shape takes {} nodes or more, not {}", least, nodes_.size()));
  return false;
}

std::size_t Shape::number(const Yaml& value, std::string_view what, std::int64_t least, std::int64_t most,
                          std::size_t otherwise) {
  const auto read = values_.integer(value, what, least, most);
  return read ? static_cast<std::size_t>(*read) : otherwise;
}

void Shape::chain(bool closed) {
  if (!read_nodes(value_, closed ? 3 : 2) || !links_.room_for(nodes_.size(), value_.at)) return;
  for (std::size_t i = 0; i + 1 < nodes_.size(); ++i) connect(i, i + 1);
  if (closed) connect(nodes_.size() - 1, 0);
}

void Shape::star() {
  std::optional<Text> center;
  const Yaml* leaves = nullptr;
  values_.each_key(value_, star_object, [&](const Object::Found& found, const Yaml& one) {
    if (as<StarKey>(found) == StarKey::Center)
      center = values_.text(one, "'center'", Braces::Later);
    else
      leaves = &one;
  });
  if (!value_.is_map()) return;
  if (value_.find("center") == nullptr || leaves == nullptr)
    return context_.report.error(value_.at, "'star' takes a center and leaves",
                                 "star: {center: sw, leaves: 'h[1..8]'}");
  if (!center || !read_nodes(*leaves, 1) || !links_.room_for(nodes_.size(), value_.at)) return;
  const auto names = Names::parse(context_, *center);
  if (!names) return;
  if (names->ranged()) return context_.report.error(center->at, "a star has one center");
  for (const Member& leaf : nodes_) connect({*center, {}}, leaf);
}

void Shape::mesh() {
  if (!read_nodes(value_, 2) || !links_.room_for(nodes_.size() * (nodes_.size() - 1) / 2, value_.at)) return;
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    for (std::size_t j = i + 1; j < nodes_.size(); ++j) connect(i, j);
}

void Shape::tree() {
  const Yaml* given = entry_.find("fanout");
  const std::size_t fanout = given == nullptr ? 2 : number(*given, "'fanout'", 1, 100'000, 2);
  if (!read_nodes(value_, 2) || !links_.room_for(nodes_.size(), value_.at)) return;
  for (std::size_t i = 1; i < nodes_.size(); ++i) connect((i - 1) / fanout, i);
}

std::size_t Shape::columns() {
  const Yaml* given = entry_.find("columns");
  if (given != nullptr) return number(*given, "'columns'", 1, 100'000, 0);
  if (value_.is_scalar() && rows_of_pattern_ != 0) return rows_of_pattern_;
  context_.report.error(value_.at, "a grid of unknown width",
                        "a name with two ranges, rows and columns (r[1..3][1..4]), or 'columns: 4'");
  return 0;
}

void Shape::grid(bool closed) {
  if (!read_nodes(value_, 2) || !links_.room_for(2 * nodes_.size(), value_.at)) return;
  const std::size_t width = columns();
  if (width == 0) return;
  if (nodes_.size() % width != 0)
    return context_.report.error(value_.at,
                                 fmt::format("{} nodes do not fill rows of {}", nodes_.size(), width));
  const std::size_t height = nodes_.size() / width;
  for (std::size_t row = 0; row < height; ++row)
    for (std::size_t column = 0; column < width; ++column) {
      const std::size_t here = row * width + column;
      if (column + 1 < width)
        connect(here, here + 1);
      else if (closed && width > 2)
        connect(here, row * width);
      if (row + 1 < height)
        connect(here, here + width);
      else if (closed && height > 2)
        connect(here, column);
    }
}

/// K pods of K/2 edge and K/2 aggregation switches below (K/2)^2 cores (Al-Fares et al., SIGCOMM 2008); here
/// they are routers.
void Shape::fat_tree() {
  std::size_t k = 0;
  std::optional<std::size_t> hosts;
  if (value_.is_map()) {
    values_.each_key(value_, fat_tree_object, [&](const Object::Found& found, const Yaml& one) {
      if (as<FatTreeKey>(found) == FatTreeKey::K)
        k = number(one, "'k'", 2, 64, 0);
      else
        hosts = number(one, "'hosts'", 0, 1000, 0);
    });
    if (value_.find("k") == nullptr)
      context_.report.error(value_.at, "'fat-tree' without 'k'", "fat-tree: {k: 4, hosts: 2}");
  } else {
    k = number(value_, "'fat-tree'", 2, 64, 0);
  }
  if (k == 0) return;
  if (k % 2 != 0)
    return context_.report.error(value_.at, fmt::format("a fat tree of {} ports", k),
                                 "the number of ports is even");
  const std::size_t half = k / 2;
  if (!links_.room_for(k * half * (2 * half + hosts.value_or(half)), value_.at)) return;
  for (std::size_t core = 1; core <= half * half; ++core) made(fmt::format("core{}", core), true);
  for (std::size_t pod = 1; pod <= k; ++pod) fat_tree_pod(pod, half, hosts.value_or(half));
}

void Shape::fat_tree_pod(std::size_t pod, std::size_t half, std::size_t hosts) {
  for (std::size_t n = 1; n <= half; ++n) {
    const Member aggregation = made(fmt::format("agg{}_{}", pod, n), true);
    for (std::size_t core = 1; core <= half; ++core)
      connect(made(fmt::format("core{}", (n - 1) * half + core), true), aggregation);
  }
  for (std::size_t n = 1; n <= half; ++n) {
    const Member edge = made(fmt::format("edge{}_{}", pod, n), true);
    for (std::size_t up = 1; up <= half; ++up) connect(made(fmt::format("agg{}_{}", pod, up), true), edge);
    for (std::size_t host = 1; host <= hosts; ++host)
      connect(edge, made(fmt::format("h{}_{}_{}", pod, n, host), false));
  }
}

void Shape::make(EntryKey key) {
  switch (key) {
    case EntryKey::Chain:
      return chain(false);
    case EntryKey::Ring:
      return chain(true);
    case EntryKey::Star:
      return star();
    case EntryKey::Mesh:
      return mesh();
    case EntryKey::Tree:
      return tree();
    case EntryKey::Grid:
      return grid(false);
    case EntryKey::Torus:
      return grid(true);
    case EntryKey::FatTree:
      return fat_tree();
    case EntryKey::Ends:
    case EntryKey::Fanout:
    case EntryKey::Columns:
      return;
  }
}

}  // namespace

void read_shape(Links& links, EntryKey key, const Yaml& value, const Yaml& entry) {
  Shape(links, value, entry).make(key);
}

}  // namespace hopyard::language
