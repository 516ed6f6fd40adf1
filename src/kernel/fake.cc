#include "kernel/fake.hh"

#include <fmt/format.h>

#include <cerrno>
#include <optional>

namespace hopyard::kernel {

struct FakeKernel::Record {
  std::mutex mutex;
  std::vector<std::string> calls;
  std::optional<std::size_t> failing;
  bool late = false;
  std::size_t alive = 0;

  enum class Fate { Good, Refused, RefusedLater };
  Fate add(std::string line) {
    const std::lock_guard lock(mutex);
    calls.push_back(std::move(line));
    if (failing != calls.size() - 1) return Fate::Good;
    return late ? Fate::RefusedLater : Fate::Refused;
  }
  void count(std::size_t change) {
    const std::lock_guard lock(mutex);
    alive += change;
  }
};

namespace {

using Record = FakeKernel::Record;

std::unexpected<Error> busy() {
  return failure("ask the fake kernel", "", EBUSY, "told to fail");
}

class FakeNamespace final : public Namespace {
 public:
  FakeNamespace(std::string name, std::shared_ptr<Record> record)
      : name_(std::move(name)), record_(std::move(record)) {
    record_->count(1);
  }
  ~FakeNamespace() override { record_->count(static_cast<std::size_t>(-1)); }
  FakeNamespace(const FakeNamespace&) = delete;
  FakeNamespace& operator=(const FakeNamespace&) = delete;

  [[nodiscard]] int descriptor() const override { return -1; }
  void attribute_to(std::uint32_t operation) override { operation_ = operation; }
  [[nodiscard]] std::uint32_t refused() const override { return refused_; }

  void leave() override {}
  Result<> write_sysctl(const net::Sysctl& sysctl) override {
    return call("sysctl {}={}", sysctl.name, sysctl.value);
  }
  Result<> create_veth(const net::Namespace& own, std::uint32_t device, Namespace&,
                       const net::Namespace& theirs, std::uint32_t peer) override {
    return call("veth {} -- {}:{}", own.devices[device].name, theirs.name, theirs.devices[peer].name);
  }
  Result<> create_bridge(const net::Namespace& own, std::uint32_t device) override {
    const net::Device& bridge = own.devices[device];
    return call("bridge {}{}", bridge.name, bridge.floods ? " that floods" : "");
  }
  Result<> create_device(const net::Namespace& own, std::uint32_t device, Namespace&,
                         const net::Namespace& lowers) override {
    const net::LinkSettings& link = *own.devices[device].link;
    const std::string on =
        link.lower_device == net::none ? "" : " on " + lowers.devices[link.lower_device].name;
    return call("{} {}{}", net::link_type_name(link.type), own.devices[device].name, on);
  }
  Result<> create_tap(const net::Namespace& own, std::uint32_t device) override {
    return call("tap {}", own.devices[device].name);
  }
  Result<> sum_first(const net::Namespace& own, std::uint32_t device) override {
    return call("sums first {}", own.devices[device].name);
  }
  Result<> shape(const net::Namespace& own, std::uint32_t device, const net::Impairment& to) override {
    const char* what = to.none() ? "nothing" : to.only_rate() ? "tbf" : "netem";
    return call("shape {} with {}", own.devices[device].name, what);
  }
  Result<> set_up(const net::Namespace& own, std::uint32_t device) override {
    const net::Device& it = own.devices[device];
    const std::string port = it.master == net::none ? "" : " in " + own.devices[it.master].name;
    std::string vlans;
    for (const net::PortVlan& vlan : it.port.vlans)
      vlans += fmt::format(" {} {}", vlan.untagged ? "vlan" : "tagged", vlan.id);
    for (const Mac& station : it.port.stations) vlans += " before " + station.text();
    return call("up {}{}{}", it.name, port, vlans);
  }
  Result<> set_down(const net::Namespace& own, std::uint32_t device) override {
    return call("down {}", own.devices[device].name);
  }
  Result<> add_address(const net::Namespace& own, std::uint32_t device, const InterfaceAddress& address,
                       Existing) override {
    return call("address {} on {}", address.text(), device == net::none ? "lo" : own.devices[device].name);
  }
  Result<> add_neighbour(const net::Namespace& own, std::uint32_t device,
                         const net::Neighbour& neighbour) override {
    return call("neighbour {} on {}", neighbour.address.text(), own.devices[device].name);
  }
  Result<> add_route(const net::Namespace&, const net::Route& route, Existing) override {
    return call("route {}", route.to.text());
  }
  Result<> add_rule(const net::Rule& rule) override { return call("rule table {}", rule.table); }
  Result<> load_ruleset(const std::string& text) override { return call("ruleset {}", text); }
  Result<std::string> list_rulesets() override { return std::string(); }
  [[nodiscard]] std::uint32_t number_of(const net::Namespace&, std::uint32_t device) const override {
    return device == net::none ? 1 : 2 + device;
  }
  Result<> await_ipv6(const net::Namespace&, std::uint32_t) override { return {}; }
  Result<> make_room(const net::Namespace& own, std::uint32_t device) override {
    return call("make room for {}", own.devices[device].name);
  }
  Result<> adjust(const net::Namespace& own, std::uint32_t device, std::uint32_t what) override {
    return call("adjust {} ({})", own.devices[device].name, what);
  }
  Result<> commit() override { return std::exchange(failed_later_, false) ? Result<>(busy()) : Result<>(); }
  Result<> rest() override { return commit(); }

 private:
  template <class... Values>
  Result<> call(fmt::format_string<const Values&...> form, const Values&... values) {
    const auto fate = record_->add(fmt::format("{}: {}", name_, fmt::format(form, values...)));
    if (fate == Record::Fate::Good) return {};
    refused_ = operation_;
    if (fate == Record::Fate::Refused) return busy();
    failed_later_ = true;
    return {};
  }

  std::string name_;
  std::shared_ptr<Record> record_;
  std::uint32_t operation_ = 0;
  std::uint32_t refused_ = 0;
  bool failed_later_ = false;
};

}  // namespace

FakeKernel::FakeKernel() : record_(std::make_shared<Record>()) {}
FakeKernel::~FakeKernel() = default;

Result<> FakeKernel::prepare(const net::Desired&) {
  return {};
}

Result<std::unique_ptr<Namespace>> FakeKernel::create_namespace(const net::Namespace& wanted) {
  if (record_->add(fmt::format("{}: create", wanted.name)) != Record::Fate::Good) return busy();
  return std::make_unique<FakeNamespace>(wanted.name, record_);
}

void FakeKernel::fail_at(std::size_t call, bool late) {
  const std::lock_guard lock(record_->mutex);
  record_->failing = call;
  record_->late = late;
}

std::vector<std::string> FakeKernel::calls() const {
  const std::lock_guard lock(record_->mutex);
  return record_->calls;
}

std::size_t FakeKernel::alive() const {
  const std::lock_guard lock(record_->mutex);
  return record_->alive;
}

}  // namespace hopyard::kernel
