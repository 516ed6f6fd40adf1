#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.hh"
#include "engine/engine.hh"
#include "keeper/adoption.hh"
#include "keeper/cgroup.hh"
#include "keeper/description.hh"
#include "keeper/directory.hh"
#include "keeper/drift.hh"
#include "keeper/json.hh"
#include "keeper/loop.hh"
#include "keeper/machine.hh"
#include "keeper/outages.hh"
#include "keeper/protocol.hh"
#include "keeper/registry.hh"
#include "keeper/root.hh"
#include "keeper/server.hh"
#include "keeper/service_description.hh"
#include "kernel/kernel.hh"
#include "kernel/page_merging.hh"
#include "kernel/stand_in.hh"
#include "net/desired.hh"
#include "plan/drift.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// What a keeper has when its lab's network stands.
struct Holdings {
  Adoptions adoptions;
  std::unique_ptr<kernel::Journal> journal;
  net::Desired desired;
  std::unique_ptr<kernel::Kernel> kernel;
  engine::Namespaces namespaces;
  HostView host;
  Cgroups cgroups;
  Claim claim;
  kernel::PageMerging merging;
  sys::Fd control;    ///< bound, does not listen yet
  sys::Fd starter;    ///< to the process that started the lab, until it is ready
  sys::Fd host_proc;  ///< the host's procfs, to learn the host's numbers of processes
  std::string file;   ///< the lab file
  uid_t owner = 0;
};

/// Holds a running lab and answers for it. The order of the members is the life of the lab: what is built
/// last ends first.
class Keeper {
 public:
  Keeper(Holdings holdings, Loop loop);
  /// Makes machines of the nodes that have something to run, says that the lab is ready, and serves until it
  /// is told to end. Ends the process then, and with it the lab.
  [[noreturn]] void run();

 private:
  /// A node's machine, from the fork of its init on.
  struct Running {
    Machine machine;
    FrameReader reports{longest_request};
    bool made = false;
    bool starting = false;  ///< its commands, services and `ready` are not through
    bool at_work = false;   ///< its `run` commands are not through: what they do is no change of somebody's
    bool awaited = false;   ///< the lab is not ready before its commands are, the last one too
    bool dying = false;     ///< it was killed, and its end has not been seen yet
    std::uint64_t pid_namespace = 0;
    std::vector<ServiceDescription> services;  ///< as the init told last, in the order of the node's
    std::uint64_t orders = 0;                  ///< given to the init so far
    std::map<std::uint64_t, std::function<void(const Result<std::vector<std::string>>&)>>
        ordered;  ///< by the order's number
    std::vector<std::function<void(Result<>)>> when_made;
    std::vector<std::function<void()>> when_ended;
    Loop::Watch report_watch;
    Loop::Watch end_watch;
  };
  using Done = std::function<void(Result<>)>;
  /// With the names of the services that the order was about.
  using Ordered = std::function<void(const Result<std::vector<std::string>>&)>;

  // keeper.cc: the life
  void watch_signals();
  void watch_starter();
  [[noreturn]] void end(int status);

  // keeper_confirm.cc: when an interface of the host was taken over, and somebody is to say that all is well
  /// How long there is to confirm; 0 when nobody need.
  [[nodiscard]] std::chrono::milliseconds time_to_confirm() const;
  /// Gives a lab that has taken over an interface so long to be ready; its starter may be beyond reach.
  void await_readiness();
  /// From when the lab is ready: nobody could confirm before.
  void await_confirmation();
  void on_confirm(const Json& request, const Reply& reply);

  // keeper_start.cc: until the lab is ready
  /// Begins to start the nodes that have something to run.
  void start_warm();
  /// Starts as many of them as the processors can follow, and comes again until there is none left.
  void start_more();
  void start(std::uint32_t ns);
  [[nodiscard]] bool all_started() const;
  void tell_starter(const Json& message);
  /// The nodes that the lab waits for, with what each of them waits for.
  [[nodiscard]] std::vector<std::string> not_ready() const;
  void tell_waiting();
  void tell_waiting_soon();
  void become_ready();
  [[noreturn]] void give_up(const Error& why);

  // keeper_machines.cc
  /// Makes the node a machine if it is none; @p done is called when it is, or cannot be.
  void warm(std::uint32_t ns, bool run_commands, Done done);
  Result<> begin(std::uint32_t ns, bool run_commands);
  /// Waits for what the init of a machine says, and for its end.
  Result<> watch(std::uint32_t ns);
  void on_report(std::uint32_t ns);
  void on_message(std::uint32_t ns, const Json& message);
  /// The `run` commands of a node are through: what they have changed is no drift.
  void on_worked(std::uint32_t ns);
  /// A node is through with all that it does at its start: from now on others may change it.
  void on_ran(std::uint32_t ns, const Json& message);
  void on_end(std::uint32_t ns);
  void made(std::uint32_t ns, const Result<>& outcome);
  /// Sends @p signal to every process of the node but its init, until none is left that did not get it.
  void signal_processes(std::uint32_t ns, int signal);

  // keeper_services.cc
  /// What a node's init said of a service, or of an order.
  void on_service(std::uint32_t ns, const Json& told);
  void on_order_done(Running& running, const Json& message);
  /// Tells the node's init to start, stop or restart services (none named: all); @p done is called when that
  /// has come about, or cannot.
  void order(std::uint32_t ns, const std::string& what, const std::vector<std::string>& services,
             Ordered done);
  /// Answers all orders that have not come about: nothing comes about in a node that stands still.
  void refuse_orders(std::uint32_t ns);
  /// What is said to who wants something of a failed node.
  [[nodiscard]] Error is_failed(std::uint32_t ns) const;
  [[nodiscard]] std::vector<ServiceDescription> services_of(std::uint32_t ns) const;
  [[nodiscard]] bool has_running_services(std::uint32_t ns) const;
  void on_services(const Json& request, const Reply& reply);
  void on_order(const Json& request, const Reply& reply);
  void on_down(const Json& request, const Reply& reply);
  void say_farewell(const Reply& reply);

  // keeper_requests.cc
  void handle(const std::string& request, const Reply& reply);
  void on_summary(const Json& request, const Reply& reply);
  void on_describe(const Json& request, const Reply& reply);
  void on_nodes(const Json& request, const Reply& reply);
  void on_configuration(const Json& request, const Reply& reply);  // keeper_configuration.cc
  void on_enter(const Json& request, const Reply& reply);
  void on_processes(const Json& request, const Reply& reply);
  void on_descriptors(const Json& request, const Reply& reply);
  void on_namespace(const Json& request, const Reply& reply);
  void on_shape(const Json& request, const Reply& reply);
  void on_fail(const Json& request, const Reply& reply);
  void on_heal(const Json& request, const Reply& reply);
  /// @param was what whoever asks believes to change; nothing for whatever is there.
  Result<> shape(const Target& target, const net::Impairment& impairment, const std::string& direction,
                 const std::optional<net::Impairment>& was);
  Result<> recover(const Recovery& recovery);
  [[nodiscard]] Answer entries(const std::vector<std::uint32_t>& nodes) const;

  // keeper_drift.cc: what has become of the lab
  /// In what a namespace's network differs from what the lab has.
  [[nodiscard]] Result<std::vector<plan::Difference>> every_difference(std::uint32_t ns);
  /// The same, but for what its own commands and services have made so.
  [[nodiscard]] Result<std::vector<plan::Difference>> network_drift(std::uint32_t ns);
  [[nodiscard]] Result<std::vector<std::string>> changed_tables(std::uint32_t ns);
  [[nodiscard]] Result<const std::vector<kernel::RulesetTable>*> tables_of(std::uint32_t ns);
  /// Services and whole machines that have ended though nobody has stopped them.
  [[nodiscard]] std::vector<DriftDescription> process_drift(std::uint32_t ns) const;
  [[nodiscard]] DriftDescription told(const plan::Difference& difference) const;
  [[nodiscard]] plan::IsDown is_down() const;
  /// The commands of a node are through, or it has become ready with the lab: what they, and its services,
  /// have made other than the lab file has it is as the person wants it.
  void accept_drift(std::uint32_t ns);
  [[nodiscard]] Result<std::vector<DriftDescription>> drift_of(std::uint32_t ns);
  void on_drift(const Json& request, const Reply& reply);

  // keeper_repair.cc: in turns, and everybody else gets theirs between them
  struct Repair;
  void on_repair(const Json& request, const Reply& reply);
  /// A turn of the first one of repairs_. It ends there when its client has gone.
  void repair_turn();
  void repair_on();
  void end_first_repair();
  /// Looks at more of the namespaces that are to be looked at. @return whether that was the last of them.
  [[nodiscard]] Result<bool> look_on(Repair& repair);
  /// All have been looked at. @return whether something is left that can be done about it.
  [[nodiscard]] bool begin_round(Repair& repair);
  /// Does more of the round's steps. @return whether that was the last of them.
  [[nodiscard]] bool step_on(Repair& repair);
  [[nodiscard]] std::vector<std::uint32_t> touched(const Repair& repair) const;
  /// Whether a step is what the lab should have now: somebody may have failed something since it was planned.
  [[nodiscard]] bool still_wanted(const plan::Operation& step) const;
  [[nodiscard]] Result<> put_right(const plan::Operation& step);
  /// Removes what stands where the rule of @p step should. The rule is added all the same if it cannot be.
  void make_room_for_rule(Repair& repair, const plan::Operation& step);
  [[nodiscard]] Result<> restore_table(const plan::Difference& difference);
  void repair_processes(const std::shared_ptr<Repair>& repair);
  void restart_attached(const std::shared_ptr<Repair>& repair, const Ordered& done);

  // keeper_repair_words.cc: what of it is told
  void say_round(Repair& repair) const;
  /// Which rules would be removed for those that are to be added, by the place of these among the steps.
  [[nodiscard]] std::map<std::size_t, std::string> rules_in_the_way(Repair& repair) const;
  void say_processes(Repair& repair) const;
  void finish(Repair& repair) const;

  // keeper_describe.cc
  [[nodiscard]] Description summary() const;
  [[nodiscard]] Result<Description> describe(const std::vector<std::string>& only);
  [[nodiscard]] NodeDescription describe_node(std::uint32_t ns) const;
  [[nodiscard]] InterfaceDescription describe_interface(std::uint32_t ns, std::uint32_t device) const;
  [[nodiscard]] LinkDescription describe_link(std::uint32_t wire) const;
  [[nodiscard]] NodeState state_of(std::uint32_t ns) const;
  [[nodiscard]] Result<std::vector<ProcessDescription>> processes() const;
  void add_container_processes(std::vector<ProcessDescription>& all) const;
  [[nodiscard]] pid_t host_pid(const sys::Fd& pidfd) const;

  Holdings held_;
  Directory directory_;
  Outages outages_;
  std::set<std::uint32_t> frozen_;
  std::map<std::uint32_t, std::vector<DriftDescription>> accepted_;  ///< by namespace
  std::map<std::uint32_t, Error> unaccepted_;  ///< what they have made so could not be told, and why
  kernel::StandIns stand_ins_;
  std::deque<std::shared_ptr<Repair>> repairs_;  ///< one after the other
  std::chrono::system_clock::time_point started_;
  std::chrono::steady_clock::time_point ready_;
  std::vector<std::string> warnings_;  ///< of the nodes' commands, until the lab is ready
  bool is_ready_ = false;
  std::deque<std::uint32_t> to_start_;  ///< nodes that have something to run, and wait for their turn
  std::chrono::steady_clock::time_point last_start_;
  sys::Fd signals_;
  Loop loop_;
  Loop::Watch signal_watch_;
  Loop::Watch starter_watch_;
  Loop::Watch end_timer_;
  Loop::Watch confirm_timer_;
  bool unconfirmed_ = false;
  Loop::Watch waiting_timer_;
  Loop::Watch start_timer_;
  Loop::Watch repair_timer_;
  bool tells_soon_ = false;  ///< waiting_timer_ is set
  std::map<std::uint32_t, Running> machines_;
  std::optional<Server> server_;
};

}  // namespace hopyard::keeper
