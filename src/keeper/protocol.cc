#include "keeper/protocol.hh"

#include <fmt/format.h>

#include "keeper/json.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t header_size = 4;

}  // namespace

std::string frame(std::string_view body) {
  std::string bytes;
  bytes.reserve(header_size + body.size());
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((body.size() >> shift) & 0xFF);
  bytes += body;
  return bytes;
}

Result<std::optional<std::string>> FrameReader::next() {
  if (pending_.size() < header_size) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < header_size; ++i) size = size << 8 | static_cast<unsigned char>(pending_[i]);
  if (size > longest_) {
    return refusal("read a message", fmt::format("it has {} bytes, the most is {}", size, longest_));
  }
  if (pending_.size() < header_size + size) return std::nullopt;
  std::string body = pending_.substr(header_size, size);
  pending_.erase(0, header_size + size);
  return body;
}

std::string error_answer(const Error& error) {
  return text_of({{"ok", false}, {"error", to_json(error)}});
}

}  // namespace hopyard::keeper
