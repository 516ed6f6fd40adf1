#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace hopyard::language {

/// Words that a value is chosen from.
struct Choice {
  std::string_view word;
  bool reserved = false;
};
/// Those that are not reserved.
[[nodiscard]] std::vector<std::string_view> offered(std::span<const Choice> choices);
[[nodiscard]] std::span<const Choice> kind_words();
/// In the order of lab::External::By.
[[nodiscard]] std::span<const Choice> external_words();
[[nodiscard]] std::span<const Choice> routing_words();
[[nodiscard]] std::span<const Choice> daemon_words();
[[nodiscard]] std::span<const Choice> neighbours_words();
/// How a lab's memory is kept, "own" first.
[[nodiscard]] std::span<const Choice> memory_words();
/// In the order of lab::DnsServer::Daemon.
[[nodiscard]] std::span<const Choice> dns_daemon_words();
/// In the order of lab::Isis::Level.
[[nodiscard]] std::span<const Choice> isis_level_words();
/// What makes a switch, in the order of lab::Switch::Engine.
[[nodiscard]] std::span<const Choice> engine_words();
/// What a switch does while no controller answers.
[[nodiscard]] std::span<const Choice> fail_mode_words();
/// In the order of lab::Vm::Accelerator.
[[nodiscard]] std::span<const Choice> accelerator_words();
/// In the order of lab::Between::By.
[[nodiscard]] std::span<const Choice> between_words();
[[nodiscard]] std::span<const Choice> link_type_words();
[[nodiscard]] std::span<const Choice> interface_type_words();
[[nodiscard]] std::span<const Choice> route_type_words();
[[nodiscard]] std::span<const Choice> action_words();
/// In the order of net::Service::Restart.
[[nodiscard]] std::span<const Choice> restart_words();
[[nodiscard]] std::span<const Choice> signal_words();

}  // namespace hopyard::language
