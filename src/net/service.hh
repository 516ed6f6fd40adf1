#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "base/source.hh"

namespace hopyard::net {

/// What has to be seen on one of the node's interfaces, by which a machine of its own is reached.
struct Sign {
  enum class Kind : std::uint8_t {
    Answers,  ///< the machine answers the ICMP echo request of a neighbour
    Leased,   ///< a DHCP server has given it an address
  };
  Kind kind = Kind::Answers;
  std::string device;     ///< of the node
  std::string interface;  ///< what a person calls it
  Mac mac;                ///< the machine's
  IpAddress address;      ///< Answers: the machine's
  Mac neighbour_mac;      ///< Answers: whose request it is
  IpAddress neighbour;
};

/// A process that a node keeps running: what the lab file lists under `services`, and the daemons that
/// Hopyard writes the configuration of.
struct Service {
  enum class Restart : std::uint8_t {
    Never,
    OnFailure,  ///< after a signal or an exit status other than 0
    Always,
  };
  /// When the services that come `after` it may start, and the lab counts as up.
  struct Ready {
    enum class Kind : std::uint8_t {
      Started,  ///< as soon as its program runs
      Command,  ///< when this shell command succeeds
      TcpPort,  ///< when something listens at this port of the node
      File,     ///< when this path exists
      Ended,    ///< when it has ended with status 0; it is not started again then
    };
    Kind kind = Kind::Started;
    std::string text;              ///< the command or the path
    std::uint16_t port = 0;        ///< host order
    std::string left = {};         ///< a file that a process before may have left; removed before each start
    std::vector<Sign> signs = {};  ///< since its start; all of them, beside what the kind says
  };

  /// What it is told before the signal, for one that has to be asked to end.
  struct Parting {
    std::string socket;  ///< path of a Unix socket of the node; empty: there is nothing to tell
    std::string words;   ///< written to it
    std::chrono::milliseconds grace{0};  ///< until the signal, if it has not ended by then
  };

  std::string name;                  ///< "web", "bgpd": no two of a node have the same
  std::vector<std::string> command;  ///< the program, by name or path, and its arguments
  std::vector<std::string> after;    ///< names of services of the same node that have to be ready before
  Restart restart = Restart::Always;
  Ready ready;
  int stop_signal = 15;  ///< SIGTERM
  Parting parting = {};
  std::vector<std::string> programs = {};  ///< one of these has to be there; none: the command's own
  std::string package;                     ///< Debian's package that has the (first) program; may be empty
  Span origin;
};

/// A folder that a node finds in its file system.
struct Folder {
  std::string path;  ///< absolute, without "." or ".." parts
  std::uint32_t mode = 0755;
  std::string owner = {};  ///< a user of the node's own /etc/passwd; empty for root
  std::string group = {};  ///< a group of the node's own /etc/group; empty for root
};

}  // namespace hopyard::net
