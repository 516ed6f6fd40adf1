#include "base/source.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard {
namespace {

bool starts_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

std::uint32_t SourceMap::add(std::string path, std::string text) {
  File file{std::move(path), std::move(text), {0}};
  for (std::size_t at = file.text.find('\n'); at != std::string::npos; at = file.text.find('\n', at + 1))
    file.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
  files_.push_back(std::move(file));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

std::size_t SourceMap::line_index(const File& file, std::uint32_t offset) const {
  const auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), offset);
  return static_cast<std::size_t>(after - file.line_starts.begin()) - 1;
}

Position SourceMap::position(std::uint32_t file_number, std::uint32_t offset) const {
  const File& file = files_[file_number];
  const std::size_t index = line_index(file, offset);
  const std::string_view before =
      std::string_view(file.text).substr(file.line_starts[index], offset - file.line_starts[index]);
  const auto columns = std::count_if(before.begin(), before.end(), starts_code_point);
  return {static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(columns + 1)};
}

std::string_view SourceMap::line(std::uint32_t file_number, std::uint32_t offset) const {
  const File& file = files_[file_number];
  const std::uint32_t start = file.line_starts[line_index(file, offset)];
  std::string_view rest = std::string_view(file.text).substr(start);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

std::string SourceMap::where(Span at) const {
  if (!at.known()) return {};
  const Position place = position(at.file, at.begin);
  return fmt::format("{}:{}:{}", path(at.file), place.line, place.column);
}

}  // namespace hopyard
