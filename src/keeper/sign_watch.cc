#include "keeper/sign_watch.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/filter.h>

#include <algorithm>
#include <array>

#include "keeper/sign_frames.hh"
#include "sys/packet_socket.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

constexpr std::uint32_t whole = 2048;  // bytes of a frame

constexpr sock_filter step(int code, std::uint32_t k, std::uint8_t yes = 0, std::uint8_t no = 0) {
  return {static_cast<std::uint16_t>(code), yes, no, k};
}

/// ICMP of either family, and what goes to clients of DHCP; the rest of the wire's traffic is left alone.
constexpr std::array filter{
    step(BPF_LD | BPF_H | BPF_ABS, 12),
    step(BPF_JMP | BPF_JEQ | BPF_K, 0x0800, 0, 6),
    step(BPF_LD | BPF_B | BPF_ABS, 23),
    step(BPF_JMP | BPF_JEQ | BPF_K, 1, 8, 0),
    step(BPF_JMP | BPF_JEQ | BPF_K, 17, 0, 6),
    step(BPF_LDX | BPF_B | BPF_MSH, 14),
    step(BPF_LD | BPF_H | BPF_IND, 16),
    step(BPF_JMP | BPF_JEQ | BPF_K, 68, 4, 3),
    step(BPF_JMP | BPF_JEQ | BPF_K, 0x86dd, 0, 2),
    step(BPF_LD | BPF_B | BPF_ABS, 20),
    step(BPF_JMP | BPF_JEQ | BPF_K, 58, 1, 0),
    step(BPF_RET | BPF_K, 0),
    step(BPF_RET | BPF_K, whole),
};

}  // namespace

SignWatch::SignWatch(std::span<const net::Sign> signs) {
  for (const net::Sign& sign : signs) awaited_.push_back({sign, false});
  listen();
}

void SignWatch::listen() {
  failure_.clear();
  for (const Awaited& one : awaited_) {
    if (one.seen || sockets_.contains(one.sign.device)) continue;
    auto socket = sys::packet_socket(one.sign.device, filter);
    if (socket)
      sockets_.emplace(one.sign.device, std::move(*socket));
    else
      failure_ = socket.error().text();
  }
}

void SignWatch::read(const std::string& device, int socket) {
  std::array<char, whole> room;
  while (const auto size = sys::receive_frame(socket, room)) {
    const std::string_view frame(room.data(), *size);
    for (Awaited& one : awaited_)
      if (one.sign.device == device && is_sign(frame, one.sign)) one.seen = true;
  }
}

bool SignWatch::all_seen() {
  listen();  // where it could not before
  for (const auto& [device, socket] : sockets_) read(device, socket.get());
  for (const Awaited& one : awaited_) {
    const auto socket = sockets_.find(one.sign.device);
    if (one.seen || one.sign.kind != net::Sign::Kind::Answers || socket == sockets_.end()) continue;
    // Before the machine has its card the device takes nothing; it is asked again.
    static_cast<void>(sys::send(socket->second.get(), echo_request(one.sign)));
  }
  const bool all = std::ranges::all_of(awaited_, &Awaited::seen);
  // The kernel would go on to copy every frame that passes into a socket that nobody reads.
  if (all) sockets_.clear();
  return all;
}

std::string SignWatch::missing() const {
  if (!failure_.empty()) return failure_;
  std::vector<std::string> words;
  for (const Awaited& one : awaited_) {
    if (one.seen) continue;
    words.push_back(one.sign.kind == net::Sign::Kind::Leased
                        ? fmt::format("{} has no lease", one.sign.interface)
                        : fmt::format("{} does not answer a ping", one.sign.address.text()));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace hopyard::keeper
