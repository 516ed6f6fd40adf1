#include "keeper/service_log.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "keeper/service_process.hh"
#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t longest_log = std::size_t{2} * 1024 * 1024;
constexpr int pieces_at_a_time = 4;  // of 64 KiB, which is what a pipe holds

}  // namespace

ServiceLog::ServiceLog(std::string service, std::string folder, std::size_t longest)
    : service_(std::move(service)), path_(std::move(folder) + '/' + service_ + ".log"), longest_(longest) {
  open();
}

void ServiceLog::open() {
  file_ = sys::Fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

int ServiceLog::entrance() {
  if (!file_ || !sys::is_same_file(file_.get(), sys::here(), path_).value_or(false)) open();
  if (in_) return in_.get();
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return file_.get();
  out_ = sys::Fd(ends[0]);
  in_ = sys::Fd(ends[1]);          // stays open, so that the pipe has no end
  ::fcntl(in_.get(), F_SETFL, 0);  // who writes may wait, who reads never does
  return in_.get();
}

void ServiceLog::take() {
  if (!out_) return;
  std::array<char, 65536> piece;
  for (int i = 0; i < pieces_at_a_time; ++i) {
    const ssize_t count = ::read(out_.get(), piece.data(), piece.size());
    if (count <= 0) return;
    put({piece.data(), static_cast<std::size_t>(count)});
  }
}

void ServiceLog::line(std::string_view words) {
  take();
  put(fmt::format("{}\n", words));
}

void ServiceLog::note(std::string_view words) {
  line(fmt::format("hopyard: {}", words));
}

void ServiceLog::put(std::string_view text) {
  const std::size_t length = size();
  if (length + text.size() > longest_) {
    // A file ends with a whole line, unless that is longer than any that a person would read.
    const std::size_t end = text.rfind('\n');
    if (end != std::string_view::npos) {
      write(text.substr(0, end + 1));
      text.remove_prefix(end + 1);
      turn_over();
    } else if (length > longest_ + longest_ / 8) {
      turn_over();
    }
  }
  write(text);
}

void ServiceLog::write(std::string_view text) {
  if (!file_) open();  // the file system may have been full
  if (file_ && !text.empty()) static_cast<void>(sys::write_all(file_.get(), text, path_));
}

std::size_t ServiceLog::size() const {
  struct stat status {};
  return file_ && ::fstat(file_.get(), &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

void ServiceLog::turn_over() {
  // Somebody may have taken it away: what nobody sees must not grow.
  if (::rename(path_.c_str(), (path_ + ".1").c_str()) != 0) ::unlink(path_.c_str());
  open();
}

ServiceLog& ServiceLogs::of(std::string_view service) {
  for (ServiceLog& log : logs_)
    if (log.service() == service) return log;
  return logs_.emplace_back(std::string(service), std::string(log_folder), longest_log);
}

void ServiceLogs::take_all() {
  for (ServiceLog& log : logs_) log.take();
}

std::vector<std::string> last_lines(std::string_view service, std::size_t count) {
  constexpr off_t enough = 16384;
  std::vector<std::string> lines;
  const auto file = sys::open_at(sys::here(), log_path(service), O_RDONLY);
  if (!file) return lines;
  const off_t size = ::lseek(file->get(), 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, enough)), '\0');
  const ssize_t got = ::pread(file->get(), text.data(), text.size(), std::max<off_t>(size - enough, 0));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  while (text.ends_with('\n')) text.pop_back();
  while (!text.empty() && lines.size() < count) {
    const std::size_t begin = text.rfind('\n') + 1;
    lines.insert(lines.begin(), text.substr(begin));
    text.resize(begin == 0 ? 0 : begin - 1);
  }
  return lines;
}

}  // namespace hopyard::keeper
