#include "view/spread_picture.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "view/width.hh"

namespace hopyard::view {
namespace {

using Point = SpreadPicture::Point;

constexpr double left = 70;
constexpr double top = 70;
constexpr double plot_width = 800;
constexpr double right = 40;
constexpr double bottom = 70;
constexpr double line_height = 13;  // what a name takes
constexpr double tallest = 1600;

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char byte : printable(valid_utf8(text))) {
    if (byte == '<')
      safe += "&lt;";
    else if (byte == '>')
      safe += "&gt;";
    else if (byte == '&')
      safe += "&amp;";
    else if (byte == '"')
      safe += "&quot;";
    else
      safe += byte;
  }
  return safe;
}

/// A step of 1, 2 or 5 times a power of ten, of which at most @p steps make up @p range.
double nice_step(double range, int steps) {
  const double rough = range / steps * 0.999;
  double power = 1e-9;
  while (power * 10 <= rough) power *= 10;
  for (const double factor : {1.0, 2.0, 5.0})
    if (power * factor >= rough) return power * factor;
  return power * 10;
}

/// Digits behind the point that a multiple of @p step, one of nice_step(), takes.
int digits_of(double step) {
  int digits = 0;
  for (double unit = 1; step < unit * 0.999; unit /= 10) ++digits;
  return digits;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view style,
                    std::string_view words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}{}>{}</text>\n", x, y, anchor,
                     style.empty() ? "" : " ", style, escaped(words));
}

class Drawing {
 public:
  explicit Drawing(const SpreadPicture& picture) : picture_(picture) {
    for (const Point& point : picture.points) {
      farthest_ = std::max(farthest_, point.hops);
      latest_ = std::max(latest_, point.seconds);
      ++in_row_[point.hops];
    }
    std::size_t fullest = 1;
    for (const auto& [hops, count] : in_row_) fullest = std::max(fullest, count);
    const double rows = farthest_ + 1;
    row_ = std::clamp(line_height * static_cast<double>(fullest) * 1.2, 24.0, std::max(4.0, tallest / rows));
    row_ = std::max(row_, 240 / rows);
    height_ = row_ * rows;
    if (latest_ <= 0) latest_ = 1;
    step_ = nice_step(latest_, 10);
    until_ = std::ceil(latest_ / step_ - 1e-9) * step_;
    named_ = row_ / static_cast<double>(fullest) >= line_height;
  }

  std::string text() const {
    const double width = left + plot_width + right;
    const double height = top + height_ + bottom;
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 "
        "{0:.0f} {1:.0f}\" "
        "font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" "
        "fill=\"white\"/>\n",
        width, height);
    svg += text_at(left, 28, "start", "font-size=\"17\" font-weight=\"bold\"", picture_.title);
    svg += text_at(left, 48, "start", "fill=\"#555\" font-size=\"12\"", picture_.subtitle);
    return svg + times() + distances() + front() + points() + legend() + "</svg>\n";
  }

 private:
  double x(double seconds) const { return left + plot_width * seconds / until_; }
  /// The middle of a distance's row.
  double y(double hops) const { return top + height_ - row_ * (hops + 0.5); }

  std::string times() const {
    const int digits = digits_of(step_);
    std::string svg;
    for (int i = 0; step_ * i <= until_ * 1.0001; ++i) {
      const double at = x(step_ * i);
      svg += fmt::format(
          "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"#e4e4e4\"/>\n", at, top,
          top + height_);
      svg += text_at(at, top + height_ + 16, "middle", "", fmt::format("{:.{}f}", step_ * i, digits));
    }
    return svg + text_at(left + plot_width / 2, top + height_ + 34, "middle", "font-size=\"12\"", "seconds");
  }

  std::string distances() const {
    const unsigned step = std::max(1U, static_cast<unsigned>(nice_step(farthest_ + 1, 25)));
    std::string svg;
    for (unsigned hops = 0; hops <= farthest_; hops += step) {
      svg += fmt::format(
          "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{1:.1f}\" stroke=\"#f0f0f0\"/>\n", left,
          y(hops), left + plot_width);
      svg += text_at(left - 10, y(hops) + 4, "end", "", std::to_string(hops));
    }
    svg += fmt::format("<path d=\"M{0:.1f} {1:.1f}V{2:.1f}H{3:.1f}\" fill=\"none\" stroke=\"#777\"/>\n", left,
                       top, top + height_, left + plot_width);
    const double middle = top + height_ / 2;
    return svg + fmt::format(
                     "<text x=\"22\" y=\"{0:.1f}\" text-anchor=\"middle\" font-size=\"12\" "
                     "transform=\"rotate(-90 22 "
                     "{0:.1f})\">hops from the origin</text>\n",
                     middle);
  }

  /// The first of each distance, connected: how fast it went on.
  std::string front() const {
    std::map<unsigned, double> first;
    for (const Point& point : picture_.points) {
      // Those that had it before tell nothing of how it went on, but for the origin.
      if (point.kind == Point::Kind::Lost || (point.kind == Point::Kind::AtStart && point.hops != 0))
        continue;
      const auto [place, fresh] = first.emplace(point.hops, point.seconds);
      if (!fresh) place->second = std::min(place->second, point.seconds);
    }
    std::string path;
    for (const auto& [hops, seconds] : first) path += fmt::format("{:.1f},{:.1f} ", x(seconds), y(hops));
    if (!path.empty()) path.pop_back();
    return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"#9db8d8\" stroke-width=\"1.5\"/>\n",
                       path);
  }

  std::string points() const {
    std::string svg;
    std::map<unsigned, std::size_t> drawn;
    for (const Point& point : picture_.points) {
      const auto count = static_cast<double>(in_row_.at(point.hops));
      const double place = (static_cast<double>(drawn[point.hops]++) + 0.5) / count - 0.5;
      svg += one(point, x(point.seconds), y(point.hops) - place * row_ * 0.8);
    }
    return svg;
  }

  std::string one(const Point& point, double at, double height) const {
    const bool lost = point.kind == Point::Kind::Lost;
    const std::string what = point.kind == Point::Kind::AtStart
                                 ? "from the start"
                                 : fmt::format("{}{:.6f} s", lost ? "lost after " : "", point.seconds);
    std::string svg = fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" {}><title>{}: {} hops, {}</title></circle>\n", at,
        height, row_ < 8 ? 2 : 4, style(point.kind), escaped(point.label), point.hops, what);
    if (!named_) return svg;
    const bool to_the_left = at > left + plot_width * 0.85;
    return svg + text_at(to_the_left ? at - 8 : at + 8, height + 4, to_the_left ? "end" : "start",
                         lost ? "fill=\"#b03030\"" : "fill=\"#333\"", point.label);
  }

  static std::string_view style(Point::Kind kind) {
    switch (kind) {
      case Point::Kind::AtStart:
        return "fill=\"white\" stroke=\"#1f5fa8\" stroke-width=\"1.5\"";
      case Point::Kind::Got:
        return "fill=\"#1f5fa8\"";
      case Point::Kind::Lost:
        return "fill=\"white\" stroke=\"#b03030\" stroke-width=\"1.5\"";
    }
    return "";
  }

  /// Of the kinds that there are.
  std::string legend() const {
    using Kind = Point::Kind;
    double at = left;
    const double height = top + height_ + bottom - 14;
    std::string svg;
    for (const auto& [kind, words] : {std::pair{Kind::AtStart, "had it from the start"},
                                      {Kind::Got, "got it"},
                                      {Kind::Lost, "lost it"}}) {
      if (std::ranges::none_of(picture_.points, [k = kind](const Point& point) { return point.kind == k; }))
        continue;
      svg +=
          fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" {}/>\n", at + 4, height - 4, style(kind));
      svg += text_at(at + 14, height, "start", "", words);
      at += 150;
    }
    return svg;
  }

  const SpreadPicture& picture_;
  std::map<unsigned, std::size_t> in_row_;  ///< points of each distance
  unsigned farthest_ = 0;
  double latest_ = 0;
  double row_ = 24;  ///< height of a distance
  double height_ = 240;
  double step_ = 1;   ///< seconds between two lines
  double until_ = 1;  ///< seconds at the right edge
  bool named_ = true;
};

}  // namespace

std::string svg(const SpreadPicture& picture) {
  return Drawing(picture).text();
}

}  // namespace hopyard::view
