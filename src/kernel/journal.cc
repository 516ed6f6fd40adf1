#include "kernel/journal.hh"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <vector>

#include "kernel/notes.hh"
#include "kernel/undo.hh"
#include "net/desired.hh"
#include "sys/file.hh"

namespace hopyard::kernel {
namespace {

std::string hexadecimal(std::span<const char> bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

/// Nothing if there is no journal.
Result<std::optional<Notes>> read_notes(int folder, const std::string& path) {
  HOPYARD_TAKE(text, sys::read_if_there(folder, path));
  return text ? std::optional(notes_in(*text)) : std::nullopt;
}

/// What another lab has noted of the same setting: its value before any lab changed it.
Result<std::optional<std::string>> noted_elsewhere(int folder, int runtime, std::uint64_t inode,
                                                   const std::string& path) {
  HOPYARD_TAKE(names, sys::list_folder(runtime));
  for (const std::string& name : names) {
    HOPYARD_TAKE(own, sys::is_same_file(folder, runtime, name));
    if (own) continue;
    HOPYARD_TAKE(notes, read_notes(runtime, name + '/' + journal_name));
    if (!notes) continue;
    for (const Json& change : notes->changes) {
      const auto place = notes->places.find(number_in<std::uint32_t>(change, "place"));
      if (place == notes->places.end() || place->second.inode != inode || change.contains("own")) continue;
      if (text_in(change, "sysctl") == path) return text_in(change, "was");
    }
  }
  return std::nullopt;
}

Result<> undo_one(const Json& change, const Place& place, int folder, int runtime, Undo& undo) {
  if (const std::string path = text_in(change, "sysctl"); !path.empty()) {
    if (!change.contains("own")) {
      HOPYARD_TAKE(elsewhere, noted_elsewhere(folder, runtime, place.inode, path));
      if (elsewhere) return {};  // that lab undoes it, or another after it
    }
    return undo.sysctl(path, text_in(change, "was"));
  }
  if (const std::string bytes = text_in(change, "request"); !bytes.empty())
    return undo.request(bytes_of(bytes));
  return undo.ruleset(text_in(change, "ruleset"));
}

// As often as an interface is looked for; then it is gone for good, as one that was unplugged is.
constexpr unsigned most_searches = 3;

Result<> append_to(int folder, const std::string& line) {
  HOPYARD_TAKE(file, sys::open_at(folder, journal_name, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600));
  return sys::write_all(file.get(), line + '\n', journal_name);
}

Result<> bring_back(const Json& change, const std::string& stamp, Undo& undo) {
  return undo.bring_back({stamp, text_in(change, "name"), number_in<std::uint32_t>(change, "index"),
                          Mac::parse(text_in(change, "mac")).value_or(Mac{}),
                          number_in<std::uint32_t>(change, "mtu")});
}

/// Undoes what a journal notes, from the last to the first.
class Undoing {
 public:
  Undoing(const Notes& notes, int folder, int runtime, const FindPlace& find)
      : notes_(notes), folder_(folder), runtime_(runtime), find_(find) {}

  Result<> run() {
    for (auto change = notes_.changes.rbegin(); change != notes_.changes.rend(); ++change) {
      const auto number = number_in<std::uint32_t>(*change, "place");
      const auto place = notes_.places.find(number);
      if (place == notes_.places.end()) continue;
      if (Undo* undo = open(number, place->second)) take(*change, place->second, *undo);
    }
    return std::move(outcome_);
  }

 private:
  Undo* open(std::uint32_t number, const Place& place) {
    auto [at, fresh] = open_.try_emplace(number);
    if (!fresh) return at->second ? &*at->second : nullptr;
    auto found = find_(place);
    if (!found) keep(std::unexpected(found.error()));
    if (!found || !*found) return nullptr;
    auto undo = Undo::in(std::move(*found));
    if (!undo) return keep(std::unexpected(undo.error())), nullptr;
    at->second.emplace(std::move(*undo));
    return &*at->second;
  }

  void take(const Json& change, const Place& place, Undo& undo) {
    if (!absent_.empty()) {  // what is noted of an interface that has not come back would be another one's
      if (text_in(change, "departing") == absent_) absent_.clear();
      return;
    }
    if (change.contains("departing")) return;
    const std::string stamp = text_in(change, "departed");
    if (stamp.empty()) return keep(undo_one(change, place, folder_, runtime_, undo));
    const auto searches = notes_.sought.find(stamp);
    const bool given_up = searches != notes_.sought.end() && searches->second >= most_searches;
    Result<> back = bring_back(change, stamp, undo);
    if (back) return;
    absent_ = stamp;
    if (given_up) return;
    keep(append_to(folder_, Json{{"sought", stamp}}.dump()));
    keep(std::move(back));
  }

  /// What can be undone is, also when something before could not.
  void keep(Result<> outcome) {
    if (!outcome && outcome_) outcome_ = std::move(outcome);
  }

  const Notes& notes_;
  int folder_;
  int runtime_;
  const FindPlace& find_;
  std::map<std::uint32_t, std::optional<Undo>> open_;
  std::string absent_;  ///< the stamp of the interface whose notes are passed over
  Result<> outcome_;
};

}  // namespace

Result<> Journal::append(const std::string& line) const {
  return append_to(folder_, line);
}

Result<> Journal::open(std::uint32_t place, const Place& where) const {
  return append(Json{{"place", place}, {"of", where.of}, {"pid", where.pid}, {"inode", where.inode}}.dump());
}

Result<bool> Journal::sysctl(std::uint32_t place, const Place& where, const std::string& path,
                             const sys::Procfs& procfs, const std::optional<std::string>& wanted) const {
  // The lock keeps another lab from putting the setting back between the look and the note.
  HOPYARD_TAKE(runtime, sys::open_folder(runtime_, "."));
  HOPYARD_TRY(sys::lock(runtime.get()));
  HOPYARD_TAKE(now, procfs.read(path));
  const bool differs = now != wanted;
  HOPYARD_TAKE(before, noted_elsewhere(folder_, runtime.get(), where.inode, path));
  if (!before && differs) before = now;
  if (before) HOPYARD_TRY(append(Json{{"place", place}, {"sysctl", path}, {"was", *before}}.dump()));
  return differs;
}

Result<> Journal::later(std::uint32_t place, const std::string& path, const std::string& value) const {
  return append(Json{{"place", place}, {"sysctl", path}, {"was", value}, {"own", true}}.dump());
}

Result<std::uint64_t> Journal::request(std::uint32_t place, std::span<const char> undo) const {
  const std::uint64_t note = ++notes_;
  HOPYARD_TRY(append(Json{{"place", place}, {"note", note}, {"request", hexadecimal(undo)}}.dump()));
  return note;
}

Result<> Journal::revoke(std::uint64_t note) const {
  return append(Json{{"revoked", note}}.dump());
}

Result<> Journal::departing(std::uint32_t place, const std::string& stamp) const {
  return append(Json{{"place", place}, {"departing", stamp}}.dump());
}

Result<> Journal::departure(std::uint32_t place, const Departed& interface) const {
  return append(Json{{"place", place},
                     {"departed", interface.stamp},
                     {"name", interface.name},
                     {"index", interface.index},
                     {"mac", interface.mac.text()},
                     {"mtu", interface.mtu}}
                    .dump());
}

Result<> Journal::ruleset(std::uint32_t place, const std::string& undo) const {
  return append(Json{{"place", place}, {"ruleset", undo}}.dump());
}

namespace {

/// The network namespace of a process, if it is the one of that number.
sys::Fd netns_of(const std::string& process, std::uint64_t wanted) {
  auto netns = sys::open_at(sys::here(), fmt::format("/proc/{}/ns/net", process), O_RDONLY);
  if (!netns) return {};
  const auto inode = sys::inode_of(netns->get());
  return inode && *inode == wanted ? std::move(*netns) : sys::Fd();
}

}  // namespace

Result<sys::Fd> find_by_proc(const Place& place) {
  // Most of the time it is one of these; but whoever tidies up may be in another namespace than the lab's
  // starter was, and the process that was noted may have ended before others that live where it did.
  for (const std::string& process : {std::string("self"), std::to_string(place.pid), std::string("1")})
    if (sys::Fd netns = netns_of(process, place.inode)) return netns;
  HOPYARD_TAKE(proc, sys::open_folder(sys::here(), "/proc"));
  HOPYARD_TAKE(names, sys::list_folder(proc.get()));
  for (const std::string& name : names)
    if (name.front() >= '1' && name.front() <= '9')
      if (sys::Fd netns = netns_of(name, place.inode)) return netns;
  return sys::Fd();
}

Result<> undo_changes(int folder, int runtime, const FindPlace& find) {
  HOPYARD_TAKE(notes, read_notes(folder, journal_name));
  if (!notes) return {};
  if (notes->strange)
    return refusal("put back what a lab has changed outside of itself",
                   std::string("its file ") + journal_name + " was written by another version of Hopyard",
                   "let that version do it: hopyard ls of it is enough");
  HOPYARD_TRY(Undoing(*notes, folder, runtime, find).run());
  return sys::remove(folder, journal_name);
}

}  // namespace hopyard::kernel
