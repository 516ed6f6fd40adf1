#include "app/restart.hh"

#include <fmt/format.h>

#include "cli/services.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

using keeper::ServiceOrder;

template <ServiceOrder order>
class Order final : public Action {
 public:
  explicit Order(Command& command) {
    command.positional("NODE", node_, "where; LAB/NODE names one of another lab", Completes::Node, true);
    command.positionals("SERVICE", services_, "these services; all of the node if none is named",
                        Completes::Service);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    const auto ordered = app::order(keeper::Registry::standard(), lab_, node_, order, services_);
    if (!ordered) return output.fail(ordered.error());
    view::Record record;
    record.fact("lab", view::Value(ordered->lab));
    record.fact("node", view::Value(ordered->node));
    put_services(record, ordered->services, "");
    output.print(record);
    return status::success;
  }

 private:
  std::string lab_;
  std::string node_;
  std::vector<std::string> services_;
};

constexpr Example of_start[] = {
    {"hopyard start r1 bird",
     "starts service bird of node r1 if it does not run, and waits until it is ready"},
    {"hopyard start pc1 nginx",
     "starts a daemon that the lab file does not have, as systemctl does in a node"},
    {"hopyard start office/web", "starts all services of node web of lab office"},
};
constexpr Example of_stop[] = {
    {"hopyard stop r1 bgpd", "ends service bgpd of node r1, and leaves it so"},
    {"hopyard stop r1 frr", "ends all daemons of FRR in node r1"},
};
constexpr Example of_restart[] = {
    {"hopyard restart r1 bird", "ends service bird of node r1, starts it again and waits until it is ready"},
    {"hopyard restart office/web", "restarts all services of node web of lab office"},
};

}  // namespace

const Verb start_verb{
    "start",
    Group::Inside,
    "start services of a node",
    "Starts services of a node in their order, and answers when they are ready. Beside its own services "
    "every "
    "node has those of apache2, bird, dnsmasq, named, nginx, radvd and ssh, if they are installed, and frr, "
    "which is all daemons of FRR that the node has or that its /etc/frr/daemons asks for.",
    of_start,
    make<Order<ServiceOrder::Start>>};

const Verb stop_verb{
    "stop",
    Group::Inside,
    "stop services of a node",
    "Ends services of a node by their stop signal, those that come after others first; what has not ended "
    "after two seconds is killed. They are not started again until somebody does so, or the node comes back "
    "from a failure.",
    of_stop,
    make<Order<ServiceOrder::Stop>>};

const Verb restart_verb{
    "restart",
    Group::Inside,
    "restart services of a node",
    "Ends services of a node by their stop signal, those that come after others first; what has not "
    "ended after two seconds is killed. Then starts them in their order, and answers when they are "
    "ready.",
    of_restart,
    make<Order<ServiceOrder::Restart>>};

}  // namespace hopyard::cli
