#include "netlink/qdisc.hh"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstddef>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"

namespace hopyard::netlink {
namespace {

// Linux 6.6 added it; older headers lack the name, older kernels pass over it.
constexpr std::uint16_t netem_prng_seed = 13;
constexpr std::uint32_t netem_default_limit = 1000;

/// Probabilities are shares of 2^32 - 1.
std::uint32_t probability(double share) {
  return static_cast<std::uint32_t>(std::lround(std::clamp(share, 0.0, 1.0) * UINT32_MAX));
}

std::uint32_t low_rate(std::uint64_t rate) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(rate, UINT32_MAX));
}

tcmsg root_of(std::uint32_t index) {
  tcmsg header{};
  header.tcm_family = AF_UNSPEC;
  header.tcm_ifindex = static_cast<int>(index);
  header.tcm_parent = TC_H_ROOT;
  return header;
}

void put_netem_shares(Batch& batch, const Netem& netem) {
  const tc_netem_reorder reorder{probability(netem.reorder), 0};
  batch.put(TCA_NETEM_REORDER, &reorder, sizeof reorder);
  const tc_netem_corrupt corrupt{probability(netem.corrupt), 0};
  batch.put(TCA_NETEM_CORRUPT, &corrupt, sizeof corrupt);
}

void put_netem_rate(Batch& batch, std::uint64_t bytes_per_second) {
  // Without the attribute a change would keep an earlier rate.
  tc_netem_rate rate{};
  rate.rate = low_rate(bytes_per_second);
  if (bytes_per_second > UINT32_MAX) batch.put_u64(TCA_NETEM_RATE64, bytes_per_second);
  batch.put(TCA_NETEM_RATE, &rate, sizeof rate);
}

double share(std::uint32_t probability) {
  return static_cast<double>(probability) / UINT32_MAX;
}

Netem read_netem(const tc_netem_qopt& plain, const AttributeTable<netem_prng_seed>& more) {
  Netem netem;
  netem.limit = plain.limit;
  netem.loss = share(plain.loss);
  netem.duplicate = share(plain.duplicate);
  netem.latency = more[TCA_NETEM_LATENCY64].as<std::int64_t>().value_or(0);
  netem.jitter = more[TCA_NETEM_JITTER64].as<std::int64_t>().value_or(0);
  if (const auto reorder = more[TCA_NETEM_REORDER].as<tc_netem_reorder>())
    netem.reorder = share(reorder->probability);
  if (const auto corrupt = more[TCA_NETEM_CORRUPT].as<tc_netem_corrupt>())
    netem.corrupt = share(corrupt->probability);
  if (const auto rate = more[TCA_NETEM_RATE].as<tc_netem_rate>()) netem.rate = rate->rate;
  if (const auto rate = more[TCA_NETEM_RATE64].as<std::uint64_t>()) netem.rate = *rate;
  return netem;
}

}  // namespace

Result<> set_netem(Batch& batch, std::uint32_t index, const Netem& netem) {
  HOPYARD_TRY(batch.begin(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE));
  batch.put_header(root_of(index));
  batch.put_text(TCA_KIND, "netem");
  const std::size_t options = batch.open_plain(TCA_OPTIONS);
  tc_netem_qopt plain{};
  plain.limit = netem.limit != 0 ? netem.limit : netem_default_limit;
  plain.loss = probability(netem.loss);
  plain.duplicate = probability(netem.duplicate);
  plain.gap = netem.reorder > 0 ? 1 : 0;
  batch.put_raw(&plain, sizeof plain);
  batch.put_u64(TCA_NETEM_LATENCY64, static_cast<std::uint64_t>(netem.latency));
  batch.put_u64(TCA_NETEM_JITTER64, static_cast<std::uint64_t>(netem.jitter));
  put_netem_shares(batch, netem);
  put_netem_rate(batch, netem.rate);
  if (netem.seed) batch.put_u64(netem_prng_seed, *netem.seed);
  batch.close(options);
  return {};
}

Result<> set_tbf(Batch& batch, std::uint32_t index, const Tbf& tbf) {
  HOPYARD_TRY(batch.begin(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE));
  batch.put_header(root_of(index));
  batch.put_text(TCA_KIND, "tbf");
  const std::size_t options = batch.open(TCA_OPTIONS);
  tc_tbf_qopt plain{};
  plain.rate.rate = low_rate(tbf.rate);
  // Says that packets count as they are; else the kernel asks for a table of transmission times.
  plain.rate.linklayer = TC_LINKLAYER_ETHERNET;
  plain.limit = tbf.limit;
  batch.put(TCA_TBF_PARMS, &plain, sizeof plain);
  batch.put_u32(TCA_TBF_BURST, tbf.burst);
  if (tbf.rate > UINT32_MAX) batch.put_u64(TCA_TBF_RATE64, tbf.rate);
  batch.close(options);
  return {};
}

Result<> remove_qdisc(Batch& batch, std::uint32_t index) {
  // ENOENT: there is only the kernel's own, which cannot be deleted.
  HOPYARD_TRY(batch.begin(RTM_DELQDISC, 0, ENOENT));
  batch.put_header(root_of(index));
  return {};
}

std::optional<QdiscInfo> read_qdisc(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWQDISC) return std::nullopt;
  const auto parts = split<tcmsg>(message);
  if (!parts) return std::nullopt;
  const AttributeTable<TCA_OPTIONS> table(parts->attributes);
  QdiscInfo info;
  info.index = static_cast<std::uint32_t>(parts->header.tcm_ifindex);
  info.parent = parts->header.tcm_parent;
  info.handle = parts->header.tcm_handle;
  info.kind = table[TCA_KIND].text();
  const auto options = table[TCA_OPTIONS].payload();
  if (info.kind == "netem" && options.size() > sizeof(tc_netem_qopt)) {
    const AttributeTable<netem_prng_seed> inner(options.subspan(sizeof(tc_netem_qopt)));
    info.seed = inner[netem_prng_seed].as<std::uint64_t>();
    info.netem = read_netem(*table[TCA_OPTIONS].as<tc_netem_qopt>(), inner);
  }
  if (info.kind == "tbf") {
    const AttributeTable<TCA_TBF_RATE64> inner(options);
    const auto plain = inner[TCA_TBF_PARMS].as<tc_tbf_qopt>();
    info.rate = inner[TCA_TBF_RATE64].as<std::uint64_t>().value_or(plain ? plain->rate.rate : 0);
  }
  return info;
}

Result<std::vector<QdiscInfo>> list_qdiscs(Socket& socket) {
  return list(socket, RTM_GETQDISC, tcmsg{}, read_qdisc);
}

}  // namespace hopyard::netlink
