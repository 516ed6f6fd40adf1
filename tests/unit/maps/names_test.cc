#include "maps/names.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "language/names.hh"

namespace hopyard::maps {
namespace {

using testing::ElementsAre;

std::vector<std::string> named(const std::vector<std::string>& labels) {
  Map map;
  for (const std::string& label : labels) {
    map.nodes.emplace_back().label = label;
    map.nodes.back().id = std::to_string(map.nodes.size());
  }
  return node_names(map);
}

TEST(SafeName, KeepsWhatIsSafeAndNoMore) {
  EXPECT_EQ(safe_name("Bern"), "Bern");
  EXPECT_EQ(safe_name("New York"), "New-York");
  EXPECT_EQ(safe_name("  St. Gallen (2) "), "St.-Gallen-2");
  EXPECT_EQ(safe_name("a -- b"), "a-b");
  EXPECT_EQ(safe_name("--x--"), "x");
  EXPECT_EQ(safe_name("..x.."), "x");
  EXPECT_EQ(safe_name("r[1..3]/{i}:\"'`;,\\"), "r-1..3-i");
  EXPECT_EQ(safe_name(" ?!*&%$"), "");
}

TEST(SafeName, LatinLettersLoseTheirMarks) {
  EXPECT_EQ(safe_name("Jyväskylä"), "Jyvaskyla");
  EXPECT_EQ(safe_name("Düsseldorf Straße"), "Dusseldorf-Strasse");
  EXPECT_EQ(safe_name("São Paulo"), "Sao-Paulo");
  EXPECT_EQ(safe_name("Łódź"), "Lodz");
  EXPECT_EQ(safe_name("Frýdek-Místek Žďár"), "Frydek-Mistek-Zdar");
  EXPECT_EQ(safe_name("Ærø Þór Œuvre ĳ"), "AEro-Thor-OEuvre-ij");
  EXPECT_EQ(safe_name("Iași Galaţi Ţ"), "Iasi-Galati-T");
  EXPECT_EQ(safe_name("Zu\xCC\x88rich"), "Zurich") << "a letter and a combining mark";
}

/// The ends of the table of letters, and a few between: a slip in it would move all that follow.
TEST(SafeName, TheTableOfLettersIsInOrder) {
  EXPECT_EQ(safe_name("À×ßàÿ"), "Axssay");
  EXPECT_EQ(safe_name("a÷b"), "a-b");
  EXPECT_EQ(safe_name("ĀĐĚĠĦİĴĸŁŊŐŘŠŧŲŴŸŽſ"), "ADEGHIJkLNORStUWYZs");
}

TEST(SafeName, OtherScriptsStay) {
  EXPECT_EQ(safe_name("Москва"), "Москва");
  EXPECT_EQ(safe_name("東京 駅"), "東京-駅");
  EXPECT_EQ(safe_name("a – b"), "a-b") << "a dash of General Punctuation";
  EXPECT_EQ(safe_name("a\xE2\x80\x8E"), "a") << "a mark of direction";
}

TEST(SafeName, IsCutBetweenLetters) {
  EXPECT_EQ(safe_name(std::string(100, 'x')), std::string(63, 'x'));
  const std::string cut = safe_name("x東東東東東東東東東東東東東東東東東東東東東東東");
  EXPECT_EQ(cut.size(), 61U);
  EXPECT_FALSE(language::bad_node_name(cut));
}

TEST(NodeNames, TheFirstOfManyKeepsTheName) {
  EXPECT_THAT(named({"Bern", "Basel", "Bern", "BERN"}), ElementsAre("Bern", "Basel", "Bern-2", "BERN-3"));
}

TEST(NodeNames, ANumberIsNotTakenFromWhoHasIt) {
  EXPECT_THAT(named({"Bern", "Bern", "Bern-2", "Bern"}), ElementsAre("Bern", "Bern-3", "Bern-2", "Bern-4"));
}

TEST(NodeNames, ThoseWithoutALabelAreCalledByTheirId) {
  EXPECT_THAT(named({"", "?", "???", "None", "&"}), ElementsAre("n1", "n2", "n3", "n4", "n5"));
  Map map;
  map.nodes.resize(2);
  map.nodes[0].id = "Vienna Hub";
  map.nodes[1].id = "-7";
  EXPECT_THAT(node_names(map), ElementsAre("Vienna-Hub", "n7"));
}

TEST(NodeNames, LongOnesStayShortWhenNumbered) {
  const std::string label(80, 'x');
  EXPECT_THAT(named({label, label}), ElementsAre(std::string(63, 'x'), std::string(61, 'x') + "-2"));
}

TEST(LabName, OfTheMapElseOfTheFile) {
  Map map;
  map.label = "DialtelecomCz";
  map.network = "Dial Telecom ";
  EXPECT_EQ(lab_name(map, "x/y.gml"), "DialtelecomCz");
  map.label = "";
  EXPECT_EQ(lab_name(map, "x/y.gml"), "Dial-Telecom");
  map.network = "Москва";
  EXPECT_EQ(lab_name(map, "x/A map.v2.gml"), "A-map.v2");
  map.network = std::string(50, 'n');
  EXPECT_EQ(lab_name(map, ""), std::string(40, 'n'));
}

}  // namespace
}  // namespace hopyard::maps
