#include "cli/drift.hh"

#include <fmt/format.h>

namespace hopyard::cli {
namespace {

/// "address of eth0", "sysctl net.ipv4.ip_forward", "route".
std::string subject(const keeper::DriftDescription& one) {
  if (one.object.empty()) return one.what;
  const bool is_own =
      one.what == "interface" || one.what == "sysctl" || one.what == "ruleset" || one.what == "service";
  return one.what + (is_own ? " " : " of ") + one.object;
}

view::Cell words_cell(const std::string& words, const char* none) {
  return {words.empty() ? none : words, words.empty() ? view::Value() : view::Value(words)};
}

}  // namespace

void put_drift(view::Record& record, std::string key, std::string title,
               const std::vector<keeper::DriftDescription>& drift) {
  view::Table& table = record.table(std::move(key), std::move(title),
                                    {{"node", "NODE"},
                                     {"what", "WHAT"},
                                     {"object", ""},
                                     {"wanted", "WANTED", false, true},
                                     {"found", "FOUND", false, true},
                                     {"repairable", ""}});
  for (const keeper::DriftDescription& one : drift)
    table.row({{one.node, view::Tone::Strong},
               {subject(one), view::Value(one.what)},
               {"", one.object.empty() ? view::Value() : view::Value(one.object)},
               words_cell(one.wanted, "none"),
               words_cell(one.found, "missing"),
               {"", view::Value(one.repairable)}});
}

void put_drift(view::Record& record, const keeper::DriftReport& report) {
  put_drift(record, "drift", "differs from the lab file (hopyard repair puts it right)", report.drift);
  record.fact("drift_error", report.unknown.empty() ? view::Value() : view::Value(report.unknown));
  if (!report.unknown.empty())
    record.sentence(fmt::format("not all that differs from the lab file is known: {}", report.unknown));
}

}  // namespace hopyard::cli
