#include "keeper/control_pipe.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

constexpr const char* folder = "/dev/hopyard";
constexpr const char* control = "/dev/hopyard/control";
constexpr std::size_t room_for_status = 16;
constexpr int pieces_at_a_time = 16;
constexpr std::size_t longest_line = 4096;  // PIPE_BUF: what is written whole

void put_lines(std::string& out, char sign, std::string_view text, std::size_t most) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (out.size() + line.size() + 2 > most) return;
    out += fmt::format("{}{}\n", sign, line);
  }
}

}  // namespace

ControlPipe ControlPipe::make() {
  ControlPipe pipe;
  if (!sys::make_folder(sys::here(), folder, 0700)) return pipe;
  if (::mkfifo(control, 0600) != 0 && errno != EEXIST) return pipe;
  // To be its writer as well means that it is never at its end.
  if (auto open = sys::open_at(sys::here(), control, O_RDWR | O_NONBLOCK)) pipe.control_ = std::move(*open);
  return pipe;
}

std::vector<ControlPipe::Request> ControlPipe::read() {
  std::array<char, 4096> room;
  // Whoever writes without end has no more than a part of each turn.
  for (int i = 0; i < pieces_at_a_time; ++i) {
    const ssize_t count = ::read(control_.get(), room.data(), room.size());
    if (count <= 0) break;
    pending_.append(room.data(), static_cast<std::size_t>(count));
  }
  std::vector<Request> requests;
  for (std::size_t end; (end = pending_.find('\n')) != std::string::npos; pending_.erase(0, end + 1))
    if (auto request = parse_request(std::string_view(pending_).substr(0, end)))
      requests.push_back(std::move(*request));
  if (pending_.size() > longest_line) pending_.clear();
  return requests;
}

bool ControlPipe::answer(const std::string& name, const UnitAnswer& answer) {
  const auto open =
      sys::open_at(sys::here(), fmt::format("{}/{}", folder, name), O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (!open) return !is_scarcity(open.error().code);
  struct stat status {};
  if (::fstat(open->get(), &status) != 0) return false;
  if (!S_ISFIFO(status.st_mode)) return true;
  // One of somebody who has many pipes holds a page or two instead of sixteen (pipe(7),
  // pipe-user-pages-soft).
  const int size = ::fcntl(open->get(), F_GETPIPE_SZ);
  const std::size_t room = size > 0 ? static_cast<std::size_t>(size) : longest_line;
  // It is empty, so that all of this goes in at once.
  const std::string text = answer_text(answer, room);
  return ::write(open->get(), text.data(), text.size()) >= 0 || !is_scarcity(errno);
}

std::optional<ControlPipe::Request> parse_request(std::string_view line) {
  if (line.size() >= longest_line) return std::nullopt;
  std::vector<std::string> words;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    if (!word.empty()) words.emplace_back(word);
  }
  const auto fits = [](char byte) { return (byte >= '0' && byte <= '9') || byte == '.'; };
  if (words.size() < 2 || !std::ranges::all_of(words.front(), fits) || words.front().starts_with('.'))
    return std::nullopt;
  ControlPipe::Request request{words.front(), {}};
  request.words.assign(words.begin() + 1, words.end());
  return request;
}

std::string answer_text(const UnitAnswer& answer, std::size_t room) {
  const std::size_t most = room - std::min(room, room_for_status);
  std::string text;
  put_lines(text, 'o', answer.out, most);
  put_lines(text, 'e', answer.err, most);
  return text + fmt::format("x{}\n", answer.status);
}

}  // namespace hopyard::keeper
