#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "app/prepare.hh"
#include "base/error.hh"
#include "keeper/registry.hh"
#include "keeper/start.hh"

namespace hopyard::app {

struct UpOptions {
  std::chrono::steady_clock::time_point began;       ///< from when the time that it took counts
  std::optional<std::chrono::milliseconds> timeout;  ///< nothing: as long as it takes
  std::function<void(const keeper::StartProgress&)> progress;
  bool foreground = false;  ///< SIGINT, SIGTERM and SIGHUP stay blocked afterwards, for await_end()
};

struct UpReport {
  std::string lab;
  std::string file;
  Counts counts;
  double seconds = 0;
  pid_t keeper = 0;
  std::vector<std::string> warnings;  ///< of nodes' commands and services that failed
  sys::Fd ended;                      ///< readable when the lab has ended
};

/// Makes the lab. When it fails nothing is left of it.
/// @param prepared without mistakes; what it wanted made is taken from it.
/// @param interrupted set to the signal that ended the start, if one did.
[[nodiscard]] Result<UpReport> up(const keeper::Registry& registry, Prepared& prepared,
                                  const UpOptions& options, int& interrupted);

/// Ends the lab and clears what it leaves. Where that fails, because it cannot be spoken with, the lab is
/// ended by a signal all the same.
[[nodiscard]] Result<> take_down(const keeper::Registry& registry, const UpReport& report);

/// Waits until the lab of a foreground `up` ends, or SIGINT, SIGTERM or SIGHUP asks for its end, and then
/// ends it. It also ends it when it cannot wait.
/// @return the signal, 0 if the lab ended by itself or by another's command.
[[nodiscard]] Result<int> await_end(const keeper::Registry& registry, const UpReport& report);

/// What will be lost at run time because a table of this machine is too small for the lab, with the cure;
/// empty when none is.
[[nodiscard]] std::string warn_of_limits(const lab::Lab& lab);
/// A warning where the lab has a way out by the host, and chains of the host's own firewall drop what is
/// forwarded; empty if there is none. Of tables of nftables, which iptables has been made of since 1.8.
[[nodiscard]] std::string warn_of_host_firewall(const lab::Lab& lab);

/// The same for given limits: neighbours that may be wanted at one time against what the machine keeps.
[[nodiscard]] std::string warn_of_neighbours(const lab::Lab& lab, Family family, std::uint64_t threshold);

}  // namespace hopyard::app
