#include "base/diagnostic.hh"

#include <gtest/gtest.h>

namespace hopyard {
namespace {

class Rendering : public testing::Test {
 protected:
  /// The diagnostic for the first place of @p word in @p text.
  std::string rendered(std::string text, std::string_view word, Severity severity = Severity::Error,
                       std::string help = {}, bool colour = false) {
    SourceMap sources;
    const auto begin = static_cast<std::uint32_t>(text.find(word));
    const auto end = static_cast<std::uint32_t>(begin + word.size());
    const auto file = sources.add("office.yaml", std::move(text));
    return render({severity, {file, begin, end}, "unknown key 'adresses'", std::move(help)}, sources, colour);
  }
};

TEST_F(Rendering, ShowsTheLineWithACaret) {
  EXPECT_EQ(rendered("nodes:\n  pc:\n    adresses: {lan: .20}\n", "adresses", Severity::Error,
                     "did you mean 'addresses'?"),
            "office.yaml:3:5: error: unknown key 'adresses'\n"
            "    3 |     adresses: {lan: .20}\n"
            "      |     ^~~~~~~~\n"
            "      = help: did you mean 'addresses'?\n");
}

TEST_F(Rendering, CountsCodePointsAndTakesTabsForOneColumn) {
  EXPECT_EQ(rendered("\t\xC3\xA9t\xC3\xA9 adresses", "adresses", Severity::Warning),
            "office.yaml:1:6: warning: unknown key 'adresses'\n"
            "    1 |  \xC3\xA9t\xC3\xA9 adresses\n"
            "      |      ^~~~~~~~\n");
}

TEST_F(Rendering, MarksOnlyTheFirstLine) {
  EXPECT_EQ(rendered("a: |\n  b\n", "|\n  b"),
            "office.yaml:1:4: error: unknown key 'adresses'\n"
            "    1 | a: |\n"
            "      |    ^\n");
}

TEST_F(Rendering, LetsNothingThroughToTheTerminal) {
  EXPECT_EQ(rendered("a: \033[31mred\x7F", "red"),
            "office.yaml:1:9: error: unknown key 'adresses'\n"
            "    1 | a: ?[31mred?\n"
            "      |         ^~~\n");
}

TEST_F(Rendering, PaintsOnlyWhenAsked) {
  EXPECT_EQ(rendered("adresses", "adresses", Severity::Error, "", true),
            "office.yaml:1:1: \033[1;31merror:\033[0m unknown key 'adresses'\n"
            "    1 | adresses\n"
            "      | \033[1;31m^~~~~~~~\033[0m\n");
}

TEST_F(Rendering, DoesWithoutAPlace) {
  const SourceMap sources;
  EXPECT_EQ(render({Severity::Error, {}, "no file", "give one"}, sources, false),
            "error: no file\n  help: give one\n");
}

TEST(Diagnostics, AreSortedByPlaceAndSaidOnce) {
  Diagnostics diagnostics;
  diagnostics.warning({0, 9, 10}, "late");
  diagnostics.error({1, 0, 1}, "other file");
  diagnostics.error({0, 2, 3}, "early");
  diagnostics.error({0, 2, 3}, "early");
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& one : diagnostics.all()) order += one.message + ", ";
  EXPECT_EQ(order, "early, late, other file, ");
}

TEST(Diagnostics, FailByErrorsOnly) {
  Diagnostics diagnostics;
  diagnostics.warning({}, "careful");
  EXPECT_FALSE(diagnostics.failed());
  diagnostics.error({}, "wrong");
  EXPECT_TRUE(diagnostics.failed());
  EXPECT_EQ(diagnostics.errors(), 1U);
}

}  // namespace
}  // namespace hopyard
