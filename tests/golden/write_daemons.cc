// write_daemons LAB FOLDER: writes what the daemons of each node of the lab are given below FOLDER/NODE, and
// prints it.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "language/language.hh"
#include "lower/lower.hh"

namespace {

hopyard::Result<std::string> load(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) return hopyard::failure("read", path, ENOENT);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

void put(const hopyard::net::Namespace& ns, const std::filesystem::path& folder) {
  for (const hopyard::net::Folder& one : ns.machine.folders)
    fmt::print("== {} {} {:o} {}:{}\n", ns.name, one.path, one.mode, one.owner, one.group);
  for (const hopyard::net::Service& one : ns.machine.services)
    fmt::print("== {} service {}: {} after [{}] ready {}\n", ns.name, one.name, fmt::join(one.command, " "),
               fmt::join(one.after, " "), one.ready.text);
  for (const hopyard::net::File& one : ns.machine.files) {
    fmt::print("== {} {} {:o} {}:{}\n{}", ns.name, one.path, one.mode, one.owner, one.group, one.content);
    const std::filesystem::path path = folder / ns.name / one.path.substr(1);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << one.content;
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  hopyard::language::Options options;
  options.path = words[1];
  auto reading = hopyard::language::read(options, load);
  const auto desired = hopyard::lower::lower(reading.lab, reading.diagnostics);
  for (const auto& one : reading.diagnostics.all())
    fmt::print("{}\n", hopyard::render(one, reading.sources, false));
  if (reading.diagnostics.failed()) return 1;
  for (const auto& one : desired.namespaces)
    if (!one.machine.services.empty()) put(one, words[2]);
  return 0;
}
