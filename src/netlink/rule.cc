#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "netlink/family.hh"
#include "netlink/route.hh"

namespace hopyard::netlink {

Result<> add_rule(Batch& batch, const Rule& rule) {
  HOPYARD_TRY(batch.begin(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL));
  fib_rule_hdr header{};
  header.family = kernel_family(rule.family);
  header.dst_len = rule.to ? rule.to->length : 0;
  header.src_len = rule.from ? rule.from->length : 0;
  header.table = rule.table < 256 ? static_cast<std::uint8_t>(rule.table) : std::uint8_t{RT_TABLE_UNSPEC};
  header.action = rule.action;
  batch.put_header(header);
  if (rule.action == FR_ACT_TO_TBL) batch.put_u32(FRA_TABLE, rule.table);
  if (rule.to && rule.to->length != 0) batch.put_address(FRA_DST, rule.to->address);
  if (rule.from && rule.from->length != 0) batch.put_address(FRA_SRC, rule.from->address);
  if (!rule.in_interface.empty()) batch.put_text(FRA_IIFNAME, rule.in_interface);
  if (!rule.out_interface.empty()) batch.put_text(FRA_OIFNAME, rule.out_interface);
  if (rule.mark) batch.put_u32(FRA_FWMARK, *rule.mark);
  if (rule.mark_mask) batch.put_u32(FRA_FWMASK, *rule.mark_mask);
  if (rule.priority) batch.put_u32(FRA_PRIORITY, *rule.priority);
  return {};
}

}  // namespace hopyard::netlink
