#include "kernel/shape.hh"

#include <algorithm>

namespace hopyard::kernel {
namespace {

constexpr std::uint32_t default_mtu = 1500;
constexpr std::uint32_t ethernet_header = 14;
constexpr std::uint64_t bits_per_byte = 8;

std::uint32_t bounded(std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  return static_cast<std::uint32_t>(std::clamp(value, least, std::min<std::uint64_t>(most, UINT32_MAX)));
}

}  // namespace

netlink::Tbf tbf_for(const net::Impairment& impairment, std::uint32_t mtu) {
  const std::uint64_t frame = (mtu != 0 ? mtu : default_mtu) + ethernet_header;
  netlink::Tbf tbf;
  tbf.rate = std::max<std::uint64_t>(impairment.rate / bits_per_byte, 1);
  tbf.burst = bounded(tbf.rate / 200, 2 * frame, UINT32_MAX);
  tbf.limit = impairment.limit != 0 ? bounded(impairment.limit * frame, frame, UINT32_MAX)
                                    : bounded(tbf.rate / 5, 10 * frame, 1000 * frame);
  return tbf;
}

netlink::Netem netem_for(const net::Impairment& impairment) {
  netlink::Netem netem;
  netem.latency = impairment.delay.count();
  netem.jitter = impairment.jitter.count();
  netem.loss = impairment.loss;
  netem.corrupt = impairment.corrupt;
  netem.duplicate = impairment.duplicate;
  netem.reorder = impairment.reorder;
  netem.rate = impairment.rate == 0 ? 0 : std::max<std::uint64_t>(impairment.rate / bits_per_byte, 1);
  netem.limit = impairment.limit;
  netem.seed = impairment.seed;
  return netem;
}

}  // namespace hopyard::kernel
