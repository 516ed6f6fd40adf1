#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hh"

/// How keeper and client speak: frames of a length (4 bytes, big-endian) and that many bytes of JSON. One
/// request, one answer, any number of times; answers come in the order of the requests. docs/keeper.md lists
/// the requests.
namespace hopyard::keeper {

inline constexpr std::size_t longest_request = std::size_t{64} * 1024;
inline constexpr std::size_t longest_answer = std::size_t{1} << 30;

/// @p body with its length before it.
[[nodiscard]] std::string frame(std::string_view body);

/// Cuts what comes over a socket, in any pieces, into frames.
class FrameReader {
 public:
  /// @param longest a frame that says it is longer is an error at once, before its bytes are waited for.
  explicit FrameReader(std::size_t longest) : longest_(longest) {}
  void add(std::span<const char> bytes) { pending_.append(bytes.data(), bytes.size()); }
  /// The next whole body; nothing when more bytes are needed. After an error the rest means nothing.
  [[nodiscard]] Result<std::optional<std::string>> next();
  /// True in the middle of a frame.
  [[nodiscard]] bool half() const { return !pending_.empty(); }

 private:
  std::size_t longest_;
  std::string pending_;
};

/// The answer {"ok": false, "error": {…}}.
[[nodiscard]] std::string error_answer(const Error& error);

}  // namespace hopyard::keeper
