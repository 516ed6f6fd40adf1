#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/quantity.hh"
#include "keeper/keeper.hh"

namespace hopyard::keeper {

std::chrono::milliseconds Keeper::time_to_confirm() const {
  std::chrono::milliseconds shortest{0};
  for (const net::Namespace& ns : held_.desired.namespaces)
    if (ns.takeover && ns.takeover->confirm.count() != 0)
      shortest = shortest.count() == 0 ? ns.takeover->confirm : std::min(shortest, ns.takeover->confirm);
  return shortest;
}

void Keeper::await_readiness() {
  constexpr std::chrono::minutes longest{5};
  if (time_to_confirm().count() == 0) return;
  confirm_timer_ = loop_.after(longest, [this, longest] {
    give_up(refusal("start lab " + held_.desired.lab,
                    fmt::format("it cannot be confirmed before it is ready, and after {} not ready are: {}",
                                duration_text(longest), fmt::join(not_ready(), ", ")),
                    "the host is being put back; the next hopyard ls tries again if something is left")
                .error());
  });
}

void Keeper::await_confirmation() {
  const auto time = time_to_confirm();
  if (time.count() == 0) return;
  unconfirmed_ = true;
  confirm_timer_ = loop_.after(time, [this] { end(EXIT_SUCCESS); });
  warnings_.push_back(fmt::format(
      "unless it is confirmed within {}, the lab goes down and the host is put back\n  hopyard confirm {}",
      duration_text(time), held_.desired.lab));
}

void Keeper::on_confirm(const Json&, const Reply& reply) {
  if (!unconfirmed_)
    return reply(
        {error_answer({"confirm lab " + held_.desired.lab, "", 0, "there is nothing to confirm", ""})});
  unconfirmed_ = false;
  confirm_timer_ = {};
  reply({text_of({{"ok", true}})});
}

}  // namespace hopyard::keeper
