#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <type_traits>

#include "netlink/attributes.hh"
#include "netlink/dump.hh"
#include "netlink/family.hh"
#include "netlink/route.hh"

namespace hopyard::netlink {

namespace {

void put_rule(Batch& batch, const Rule& rule) {
  fib_rule_hdr header{};
  header.family = kernel_family(rule.family);
  header.dst_len = rule.to ? rule.to->length : 0;
  header.src_len = rule.from ? rule.from->length : 0;
  header.table = rule.table < 256 ? static_cast<std::uint8_t>(rule.table) : std::uint8_t{RT_TABLE_UNSPEC};
  header.action = rule.action;
  batch.put_header(header);
  if (rule.action == FR_ACT_TO_TBL) batch.put_u32(FRA_TABLE, rule.table);
  if (rule.action == FR_ACT_GOTO) batch.put_u32(FRA_GOTO, rule.target);
  if (rule.to && rule.to->length != 0) batch.put_address(FRA_DST, rule.to->address);
  if (rule.from && rule.from->length != 0) batch.put_address(FRA_SRC, rule.from->address);
  if (!rule.in_interface.empty()) batch.put_text(FRA_IIFNAME, rule.in_interface);
  if (!rule.out_interface.empty()) batch.put_text(FRA_OIFNAME, rule.out_interface);
  if (rule.mark) batch.put_u32(FRA_FWMARK, *rule.mark);
  if (rule.mark_mask) batch.put_u32(FRA_FWMASK, *rule.mark_mask);
  if (rule.priority) batch.put_u32(FRA_PRIORITY, *rule.priority);
}

}  // namespace

Result<> add_rule(Batch& batch, const Rule& rule) {
  HOPYARD_TRY(batch.begin(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL));
  put_rule(batch, rule);
  return {};
}

Result<> remove_rule(Batch& batch, const Rule& rule) {
  HOPYARD_TRY(batch.begin(RTM_DELRULE, 0));
  put_rule(batch, rule);
  return {};
}

bool fits(const Rule& rule, const Rule& listed) {
  const auto unset_or_same = [](const auto& wanted, const auto& found) {
    return wanted == std::remove_cvref_t<decltype(wanted)>() || wanted == found;
  };
  const auto prefix_fits = [](const std::optional<Prefix>& wanted, const std::optional<Prefix>& found) {
    return !wanted || wanted->length == 0 || wanted == found;
  };
  return rule.family == listed.family && unset_or_same(rule.action, listed.action) &&
         unset_or_same(rule.table, listed.table) && prefix_fits(rule.from, listed.from) &&
         prefix_fits(rule.to, listed.to) && unset_or_same(rule.in_interface, listed.in_interface) &&
         unset_or_same(rule.out_interface, listed.out_interface) &&
         unset_or_same(rule.mark.value_or(0), listed.mark.value_or(0)) &&
         unset_or_same(rule.mark_mask.value_or(0), listed.mark_mask.value_or(0)) &&
         (!rule.priority || rule.priority == listed.priority);
}

std::optional<Rule> read_rule(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWRULE) return std::nullopt;
  const auto parts = split<fib_rule_hdr>(message);
  if (!parts) return std::nullopt;
  const auto family = known_family(parts->header.family);
  if (!family || parts->header.src_len > bits(*family) || parts->header.dst_len > bits(*family))
    return std::nullopt;
  const AttributeTable<FRA_OIFNAME> table(parts->attributes);
  Rule rule;
  rule.family = *family;
  rule.action = parts->header.action;
  rule.table = table[FRA_TABLE].as<std::uint32_t>().value_or(parts->header.table);
  rule.target = table[FRA_GOTO].as<std::uint32_t>().value_or(0);
  if (const auto from = table[FRA_SRC].address(*family)) rule.from = Prefix::of(*from, parts->header.src_len);
  if (const auto to = table[FRA_DST].address(*family)) rule.to = Prefix::of(*to, parts->header.dst_len);
  rule.in_interface = table[FRA_IIFNAME].text();
  rule.out_interface = table[FRA_OIFNAME].text();
  rule.mark = table[FRA_FWMARK].as<std::uint32_t>();
  rule.mark_mask = table[FRA_FWMASK].as<std::uint32_t>();
  // The kernel does not name the first one, of number 0.
  rule.priority = table[FRA_PRIORITY].as<std::uint32_t>().value_or(0);
  return rule;
}

Result<std::uint32_t> free_priority(Socket& socket, Family family) {
  HOPYARD_TAKE(rules, list_rules(socket));
  std::erase_if(rules, [&](const Rule& rule) { return rule.family != family; });
  const std::uint32_t second = rules.size() < 2 ? 0 : rules[1].priority.value_or(0);
  return second == 0 ? 0 : second - 1;
}

Result<std::vector<Rule>> list_rules(Socket& socket) {
  return list(socket, RTM_GETRULE, rtmsg{}, read_rule);
}

}  // namespace hopyard::netlink
