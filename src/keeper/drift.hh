#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "keeper/json.hh"

/// What a keeper tells of the difference between its lab and what has become of it. Values only.
namespace hopyard::keeper {

struct DriftDescription {
  std::string node;        ///< or network
  std::string what;        ///< "interface", "address", "route", "service" …
  std::string object;      ///< the interface, sysctl, table or service; empty for none
  std::string wanted;      ///< empty: none
  std::string found;       ///< empty: nothing is there
  bool repairable = true;  ///< Hopyard can put it right while the lab runs
  friend bool operator==(const DriftDescription&, const DriftDescription&) = default;
};

/// In what a lab, or a node, differs.
struct DriftReport {
  std::vector<DriftDescription> drift;
  std::string unknown;  ///< why not all of it is known, in one line; empty if it is
};

/// What `repair` has done, or would do.
struct RepairDescription {
  std::vector<DriftDescription> found;
  std::vector<std::string> steps;      ///< in the words of a plan
  std::vector<DriftDescription> left;  ///< that it could not put right
  std::string error;                   ///< the first that the kernel or a service said; empty for none
};

/// The error without what can be done about it.
[[nodiscard]] std::string one_line(Error error);
[[nodiscard]] Json to_json(const std::vector<DriftDescription>& drift);
[[nodiscard]] std::vector<DriftDescription> drift_from(const Json& list);
[[nodiscard]] std::string encode(const RepairDescription& repair);
[[nodiscard]] Result<RepairDescription> decode_repair(std::string_view body);

}  // namespace hopyard::keeper
