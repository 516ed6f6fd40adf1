#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hh"
#include "keeper/configuration.hh"
#include "keeper/description.hh"
#include "keeper/drift.hh"
#include "keeper/protocol.hh"
#include "keeper/registry.hh"
#include "keeper/service_description.hh"
#include "net/impairment.hh"
#include "net/rights.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// The way into a node: what enter.hh takes to run something there.
struct Entry {
  std::string lab;
  std::string node;
  sys::Fd init;                  ///< pidfd of the node's init
  std::vector<sys::Fd> cgroups;  ///< files to write "0" to, to come under the node's limits; mostly none
  std::vector<std::pair<std::string, std::string>> environment;  ///< the node's own
  bool own_users = false;  ///< it has a user namespace of its own, where one is to be root
  net::Rights rights = {net::all_capabilities};  ///< of what is run in it
};

/// Which direction of a link: from the first end (or out of the interface) that was named, to it, or both.
enum class Direction : std::uint8_t { Out, Back, Both };

/// What services are told to do.
enum class ServiceOrder : std::uint8_t { Start, Stop, Restart };

/// How a node fails.
enum class Failure : std::uint8_t { Freeze, Kill };

/// A talk with the keeper of one lab. Every call sends one request and waits for its answer.
class Client {
 public:
  /// @param lab its name. "no lab X is running" when there is none.
  [[nodiscard]] static Result<Client> connect(const Registry& registry, const std::string& lab);

  [[nodiscard]] const std::string& lab() const { return lab_; }
  /// The keeper, as this process counts.
  [[nodiscard]] pid_t keeper() const { return keeper_; }
  /// The socket to it: hangs up (POLLHUP) when the lab ends.
  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// @param nodes only these, with the links that end at them; none for all.
  [[nodiscard]] Result<Description> describe(std::span<const std::string> nodes = {});
  /// The lab without its nodes, networks and links: little work at any size.
  [[nodiscard]] Result<Description> summary();
  /// Makes the node a machine, if it is none yet.
  [[nodiscard]] Result<Entry> enter(const std::string& node);
  /// The same for many, side by side. Entries in the order of @p nodes.
  [[nodiscard]] Result<std::vector<Entry>> enter(std::span<const std::string> nodes);
  /// The names of all nodes, without the networks.
  [[nodiscard]] Result<std::vector<std::string>> nodes();
  /// What the services of the node were given to read, in the order in which it was given.
  [[nodiscard]] Result<std::vector<ConfigurationFile>> configuration(const std::string& node);
  /// All processes of the lab, but not the keeper and the nodes' inits.
  [[nodiscard]] Result<std::vector<ProcessDescription>> processes();
  /// The services of a node, in the order of the lab file; of all nodes if @p node is empty.
  [[nodiscard]] Result<std::vector<ServiceDescription>> services(const std::string& node);
  /// Starts, stops or restarts services of a node and waits until that has come about: what has started is
  /// ready. @param services none for all. @return the names of the services that it was about: of a group,
  /// its members.
  [[nodiscard]] Result<std::vector<std::string>> order(const std::string& node, ServiceOrder order,
                                                       std::span<const std::string> services);
  /// The node's network namespace, to look at: does not make it a machine.
  [[nodiscard]] Result<sys::Fd> network_namespace(const std::string& node);
  /// The number of the descriptor by which the keeper holds each node's network namespace, for /proc/PID/fd.
  /// @param nodes none for all.
  [[nodiscard]] Result<std::vector<std::pair<std::string, int>>> descriptors(
      std::span<const std::string> nodes);
  /// @param target a link or an interface, as Directory::target takes it. @param impairment instead of what
  /// was there; none takes it away. @param was what the caller knows to be there: if it is something else by
  /// now nothing is changed, and the code of the error is EAGAIN. Nothing for whatever is there.
  [[nodiscard]] Result<> shape(const std::string& target, const net::Impairment& impairment,
                               Direction direction, const std::optional<net::Impairment>& was = {});
  /// @param target a link, an interface or a node. Again is no error.
  [[nodiscard]] Result<> fail(const std::string& target, Failure failure);
  [[nodiscard]] Result<> heal(const std::string& target);
  /// In what the lab differs from what its file says. @param node this one alone; empty for all.
  /// @return what could be read, and why not all could if that is so.
  [[nodiscard]] Result<DriftReport> drift(const std::string& node);
  /// Puts that right, and waits until it has come about. @param only_say changes nothing.
  [[nodiscard]] Result<RepairDescription> repair(bool only_say);
  /// Says that the host's network is well as the lab has made it.
  [[nodiscard]] Result<> confirm();
  /// Ends the lab and waits until its keeper, and with it every process of the lab, is gone.
  [[nodiscard]] Result<> down();

 private:
  Client(const Registry& registry, std::string lab, sys::Fd socket, pid_t keeper)
      : registry_(registry), lab_(std::move(lab)), socket_(std::move(socket)), keeper_(keeper) {}
  /// @param pidfd of the keeper.
  [[nodiscard]] Result<> end_keeper(int pidfd);
  [[nodiscard]] Result<std::string> ask(const std::string& request, std::vector<sys::Fd>& descriptors);

  Registry registry_;
  std::string lab_;
  sys::Fd socket_;
  FrameReader answers_{longest_answer};  ///< what the keeper says at its end may come with the answer before
  pid_t keeper_;
  bool hung_up_ = false;  ///< the keeper has ended the connection
};

}  // namespace hopyard::keeper
