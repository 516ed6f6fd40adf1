#include "keeper/drift.hh"

#include <algorithm>

namespace hopyard::keeper {

std::string one_line(Error error) {
  error.remedy.clear();
  std::string words = error.text();
  std::ranges::replace(words, '\n', ' ');
  return words;
}

Json to_json(const std::vector<DriftDescription>& drift) {
  Json all = Json::array();
  for (const DriftDescription& one : drift)
    all.push_back({{"node", one.node},
                   {"what", one.what},
                   {"object", one.object},
                   {"wanted", one.wanted},
                   {"found", one.found},
                   {"repairable", one.repairable}});
  return all;
}

std::vector<DriftDescription> drift_from(const Json& list) {
  std::vector<DriftDescription> all;
  for (const Json& one : list)
    all.push_back({text(one, "node"), text(one, "what"), text(one, "object"), text(one, "wanted"),
                   text(one, "found"), truth(one, "repairable")});
  return all;
}

std::string encode(const RepairDescription& repair) {
  return text_of({{"ok", true},
                  {"found", to_json(repair.found)},
                  {"steps", repair.steps},
                  {"left", to_json(repair.left)},
                  {"words", repair.error}});
}

Result<RepairDescription> decode_repair(std::string_view body) {
  HOPYARD_TAKE(object, parse_object(body));
  return RepairDescription{drift_from(list(object, "found")), texts(object, "steps"),
                           drift_from(list(object, "left")), text(object, "words")};
}

}  // namespace hopyard::keeper
