#include "sys/program_path.hh"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace hopyard::sys {
namespace {

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string_view own_search_path() {
  const char* path = std::getenv("PATH");
  return path == nullptr ? "/bin:/usr/bin" : path;
}

std::string find_program(std::string_view program, std::string_view folders) {
  if (program.find('/') != std::string_view::npos) return std::string(program);
  for (bool more = !folders.empty(); more;) {
    const std::size_t end = folders.find(':');
    const std::string_view folder = folders.substr(0, end);
    std::string path = fmt::format("{}/{}", folder.empty() ? "." : folder, program);
    if (is_program(path)) return path;
    more = end != std::string_view::npos;
    if (more) folders.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace hopyard::sys
