#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hh"
#include "base/mac.hh"
#include "sys/fd.hh"
#include "sys/procfs.hh"

namespace hopyard::kernel {

/// The journal's name in a lab's directory.
inline constexpr const char* journal_name = "changes";

/// A network namespace that is not the lab's own.
struct Place {
  std::string of;  ///< net::Namespace::adopted: the host, or a container
  pid_t pid = 0;   ///< a process that lives in it; 0 for the host
  std::uint64_t inode =
      0;  ///< the namespace's own number (namespaces(7)): nothing else ever has it while it is there
};

/// An interface that has gone to another namespace, and what it was before.
struct Departed {
  std::string stamp;  ///< the alternative name that it is found by
  std::string name;
  std::uint32_t index = 0;
  Mac mac;
  std::uint32_t mtu = 0;
};

/// What a lab changes in namespaces that are not its own, and how each change is undone. A note is written
/// before the change is made, so that whatever ends the lab, somebody can undo it: the lab itself, or else
/// the next one who looks which labs there are. One line of JSON each, only ever appended: for several
/// threads at once.
class Journal {
 public:
  /// @param folder the lab's directory, @param runtime that of all labs; both stay the caller's and outlive
  /// this.
  Journal(int folder, int runtime) : folder_(folder), runtime_(runtime) {}

  /// Notes of number @p place are from now on about @p where.
  [[nodiscard]] Result<> open(std::uint32_t place, const Place& where) const;
  /// The file at @p path of @p procfs is about to be changed to @p wanted, or, if that is nothing, to
  /// whatever the kernel makes of it; the calling thread is in the place. Labs that want the same share the
  /// change: the last of them undoes it. @return whether it is something else now.
  [[nodiscard]] Result<bool> sysctl(std::uint32_t place, const Place& where, const std::string& path,
                                    const sys::Procfs& procfs,
                                    const std::optional<std::string>& wanted) const;
  /// To undo what comes next, @p value is to be written to the file at @p path.
  [[nodiscard]] Result<> later(std::uint32_t place, const std::string& path, const std::string& value) const;
  /// The netlink message @p undo undoes what comes next. What it takes away may be gone by then, and what it
  /// brings back may be there.
  /// @return what revoke() takes.
  Result<std::uint64_t> request(std::uint32_t place, std::span<const char> undo) const;
  /// The change that @p note was about has not come about.
  [[nodiscard]] Result<> revoke(std::uint64_t note) const;
  /// What is noted from here to departure() is about an interface that goes, and is left if it does not come
  /// back.
  [[nodiscard]] Result<> departing(std::uint32_t place, const std::string& stamp) const;
  /// To undo what comes next, an interface is to be brought back from wherever it is.
  [[nodiscard]] Result<> departure(std::uint32_t place, const Departed& interface) const;
  /// The nftables text @p undo does.
  [[nodiscard]] Result<> ruleset(std::uint32_t place, const std::string& undo) const;

 private:
  [[nodiscard]] Result<> append(const std::string& line) const;
  int folder_;
  int runtime_;
  mutable std::atomic<std::uint64_t> notes_ = 0;
};

/// Finds the namespace of a place: a closed descriptor when it has gone, and with it all that was done there.
using FindPlace = std::function<Result<sys::Fd>(const Place&)>;
/// By /proc: a place whose number is no longer that of its process, or of the caller's own namespace for the
/// host, has gone, or cannot be reached from here.
[[nodiscard]] Result<sys::Fd> find_by_proc(const Place& place);

/// Undoes what the journal in @p folder notes, the last change first, and removes it. Nothing to do without
/// one.
/// @param runtime the directory of all labs, whose lock the caller holds.
[[nodiscard]] Result<> undo_changes(int folder, int runtime, const FindPlace& find);

}  // namespace hopyard::kernel
