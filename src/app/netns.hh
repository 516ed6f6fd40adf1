#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

/// Network namespaces with names of this host, under /run/netns, as ip-netns(8) has them: both see what the
/// other has made.
namespace hopyard::app {

inline constexpr const char* netns_folder = "/run/netns";

/// Whether ip takes the name: no '/', neither "." nor "..", 1 to 255 bytes.
[[nodiscard]] Result<> check_netns_name(const std::string& name);

/// The names that there are, sorted; none when there is no folder.
[[nodiscard]] Result<std::vector<std::string>> netns_names();

/// The namespace of a name. What is wrong with a name that leads to none is in the error.
[[nodiscard]] Result<sys::Fd> open_netns(const std::string& name);

/// Makes a namespace, with nothing in it but lo, and gives it the name.
[[nodiscard]] Result<> add_netns(const std::string& name);

/// Gives the namespace of a process a name. @param whom a number, or what observe::find_container() takes.
/// @return the process that was meant.
[[nodiscard]] Result<pid_t> attach_netns(const std::string& name, const std::string& whom);

struct NetnsProcess {
  pid_t pid = 0;
  std::string command;
};

/// The processes that are in the namespace, as /proc tells.
[[nodiscard]] Result<std::vector<NetnsProcess>> netns_processes(const std::string& name);

/// Takes the name away; the namespace lives on while something uses it. @param kill ends what is inside
/// first: SIGTERM, and SIGKILL two seconds later. Refused for the namespace that this process or the first
/// process is in, and for a link to somebody else's.
/// @return what was ended.
[[nodiscard]] Result<std::vector<NetnsProcess>> delete_netns(const std::string& name, bool kill);

/// What a name leads to.
enum class NetnsState : std::uint8_t { Sound, Stale, Dangling };

struct NamedNetns {
  std::string name;
  NetnsState state = NetnsState::Sound;
  std::optional<std::int32_t> id;                      ///< as the caller's namespace numbers it
  std::optional<std::vector<std::string>> interfaces;  ///< nothing when one may not look
  std::uint64_t processes = 0;
  std::string made_by;  ///< "netns add", "lab office", "link to /proc/1995/ns/net"
};

/// The names, sorted. @param details false leaves interfaces, processes and made_by out.
[[nodiscard]] Result<std::vector<NamedNetns>> list_netns(bool details);

/// The names of the namespace that process @p pid is in.
[[nodiscard]] Result<std::vector<std::string>> identify_netns(pid_t pid);

/// Gives the namespace a number in the caller's own. @param id nothing for the next free one.
/// @return the number.
[[nodiscard]] Result<std::int32_t> set_netns_id(const std::string& name, std::optional<std::int32_t> id);

struct NumberedNetns {
  std::int32_t id = 0;                  ///< -1 for none
  std::optional<std::int32_t> current;  ///< in the caller's namespace, where id is another one's
  std::vector<std::string> names;       ///< may be none
};
/// Which numbers are asked for: ip netns list-id [target-nsid N] [nsid N].
struct NetnsIdQuery {
  std::optional<std::int32_t> target;  ///< those that this namespace has given; nothing: the caller's own
  std::optional<std::int32_t> id;      ///< of this one alone, by its number in the caller's namespace
};
/// The numbers, sorted.
[[nodiscard]] Result<std::vector<NumberedNetns>> list_netns_ids(const NetnsIdQuery& query);

/// Puts the calling process, which has one thread, into the namespace, and into a mount namespace of its own
/// where /sys shows that namespace and /etc/netns/NAME/* lie over /etc. Unlike ip's, it keeps what is mounted
/// below /sys (control groups, tracing). @param warn told of files that could not be shown.
[[nodiscard]] Result<> enter_netns(const std::string& name, const std::function<void(const Error&)>& warn);

/// Replaces this process by the command (execvp(3)); returns only when that cannot be.
[[nodiscard]] Error replace_by(std::span<const std::string> command);

/// What a child of this process left.
struct Apart {
  int status = 0;      ///< as a shell shows it
  std::string output;  ///< these two only if they were to be collected
  std::string errors;
};
/// Runs @p run in a child, which ends with the status that it returns or with that of the program that it has
/// become. @param collects keeps what the child writes, instead of letting it go where this process's output
/// goes.
[[nodiscard]] Result<Apart> run_apart(const std::function<int()>& run, bool collects);

/// Tells what comes and goes. @param tell called with the name, and true when it came; false ends it.
/// @return why it ended, if not by that.
[[nodiscard]] Result<> watch_netns(const std::function<bool(bool added, const std::string& name)>& tell);

}  // namespace hopyard::app
