#include "cli/complete.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hopyard::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Names names() {
  return {[] {
            return std::vector<std::string>{"office", "other"};
          },
          [](const std::string& lab) {
            if (lab == "other") return std::vector<std::string>{"x1"};
            return lab.empty() || lab == "office" ? std::vector<std::string>{"gw", "pc1", "pc2"}
                                                  : std::vector<std::string>{};
          },
          [](const std::string& lab, const std::string& node) {
            if (lab == "other" && node == "x1") return std::vector<std::string>{"far"};
            return node == "gw" ? std::vector<std::string>{"web", "wiki"} : std::vector<std::string>{};
          },
          [](const std::string&) {
            return std::vector<std::string>{"gw:eth0--pc1:eth0", "gw:eth0", "pc1:eth0"};
          },
          [] {
            return std::vector<std::string>{"blue", "red"};
          }};
}

std::vector<std::string> offered(const std::vector<std::string>& words, const Names& from = names()) {
  std::vector<std::string> list;
  for (const Candidate& one : complete(words, from).list) list.push_back(one.word);
  return list;
}

TEST(Complete, ServicesOfTheNodeBefore) {
  EXPECT_THAT(offered({"logs", "gw", ""}), ElementsAre("web", "wiki"));
  EXPECT_THAT(offered({"logs", "gw", "wi"}), ElementsAre("wiki"));
  EXPECT_THAT(offered({"logs", "-l", "other", "x1", ""}), ElementsAre("far"));
  EXPECT_THAT(offered({"restart", "other/x1", ""}), ElementsAre("far"));
  EXPECT_THAT(offered({"restart", "gw", "web", "w"}), ElementsAre("web", "wiki"));
  EXPECT_THAT(offered({"restart", "pc1", ""}), IsEmpty());
}

TEST(Complete, VerbsByTheirBeginning) {
  EXPECT_THAT(offered({"d"}), ElementsAre("down", "doctor"));
  EXPECT_THAT(offered({""}), Contains("up"));
  EXPECT_THAT(offered({""}), Not(Contains("__man")));
  EXPECT_THAT(offered({"--v"}), ElementsAre("--version"));
}

TEST(Complete, NodesOfTheLabThatIsMeant) {
  EXPECT_THAT(offered({"exec", "p"}), ElementsAre("pc1", "pc2"));
  EXPECT_THAT(offered({"exec", "pc1", "-l", "other", ""}), ElementsAre("x1"));
  EXPECT_THAT(offered({"exec", "--lab=other", ""}), ElementsAre("x1"));
  EXPECT_THAT(offered({"shell", "other/"}), ElementsAre("other/x1"));
}

TEST(Complete, LabsWhereItHasToBeSaidWhich) {
  Names several = names();
  several.nodes = [](const std::string& lab) {
    return lab == "office" ? std::vector<std::string>{"gw"} : std::vector<std::string>{};
  };
  EXPECT_THAT(offered({"shell", "o"}, several), ElementsAre("office/", "other/"));
  EXPECT_THAT(offered({"shell", "office/"}, several), ElementsAre("office/gw"));
}

TEST(Complete, LabNames) {
  EXPECT_THAT(offered({"down", ""}), ElementsAre("office", "other"));
  EXPECT_THAT(offered({"exec", "-l", "of"}), ElementsAre("office"));
  EXPECT_THAT(offered({"exec", "--lab=of"}), ElementsAre("--lab=office"));
}

TEST(Complete, LinksAndImpairments) {
  EXPECT_THAT(offered({"set", "gw:"}), ElementsAre("gw:eth0--pc1:eth0", "gw:eth0"));
  EXPECT_THAT(offered({"set", "gw:eth0", "d"}), ElementsAre("delay=", "duplicate="));
  EXPECT_THAT(offered({"set", "gw", "--", "p"}), ElementsAre("pc1", "pc2"));
  EXPECT_THAT(offered({"set", "gw", "--", "pc1", "o"}), ElementsAre("out"));
  EXPECT_THAT(offered({"fail", "pc"}), ElementsAre("pc1:eth0", "pc1", "pc2"));
}

TEST(Complete, OptionsWithWhatTheyMean) {
  EXPECT_THAT(offered({"up", "--d"}), ElementsAre("--dry-run"));
  EXPECT_THAT(offered({"up", "--t"}), ElementsAre("--timeout="));
  const auto found = complete(std::vector<std::string>{"up", "--j"}, names());
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(found.list[0].about, "write JSON for programs instead of text");
}

TEST(Complete, FilesAndCommandsAreLeftToTheShell) {
  EXPECT_EQ(complete(std::vector<std::string>{"up", "of"}, names()).also, Also::Files);
  EXPECT_EQ(complete(std::vector<std::string>{"exec", "pc1", "--", "pi"}, names()).also, Also::Commands);
  EXPECT_EQ(complete(std::vector<std::string>{"exec", "pc1", "--", "cat", "/e"}, names()).also, Also::Files);
  EXPECT_EQ(complete(std::vector<std::string>{"completion", "f"}, names()).list.at(0).word, "fish");
  EXPECT_THAT(offered({"import", "g"}), ElementsAre("gml", "graphml"));
  EXPECT_THAT(offered({"import", "--routing", "o"}), ElementsAre("ospf"));
  EXPECT_THAT(offered({"import", "--daemon="}), ElementsAre("--daemon=frr", "--daemon=bird"));
  EXPECT_EQ(complete(std::vector<std::string>{"import", "gml", "Ge"}, names()).also, Also::Files);
}

TEST(Complete, TheSecondWordOfAVerb) {
  EXPECT_THAT(offered({"net"}), ElementsAre("netns"));
  EXPECT_THAT(offered({"netns", "li"}), ElementsAre("list", "list-id"));
  EXPECT_THAT(offered({"netns", ""}), Contains("add"));
  EXPECT_THAT(offered({"netns", "--t"}), ElementsAre("--table"));
  EXPECT_THAT(offered({"netns", "frob", ""}), IsEmpty());
  EXPECT_THAT(offered({"up", "li"}), IsEmpty());
}

TEST(Complete, NamesOfNamespaces) {
  EXPECT_THAT(offered({"netns", "delete", ""}), ElementsAre("blue", "red"));
  EXPECT_THAT(offered({"netns", "del", "--kill", "b"}), ElementsAre("blue"));
  EXPECT_THAT(offered({"netns", "exec", "r"}), ElementsAre("red"));
  EXPECT_EQ(complete(std::vector<std::string>{"netns", "exec", "red", "pi"}, names()).also, Also::Commands);
  EXPECT_EQ(complete(std::vector<std::string>{"netns", "exec", "red", "ls", "-"}, names()).also, Also::Files);
  EXPECT_THAT(offered({"netns", "exec", "red", "ls", "-"}), IsEmpty());
  EXPECT_THAT(offered({"expose", "office", "p"}), ElementsAre("pc1", "pc2"));
}

TEST(Complete, NothingForNonsense) {
  EXPECT_THAT(offered({"nonsense", ""}), IsEmpty());
  EXPECT_THAT(offered({"version", ""}), IsEmpty());
  EXPECT_THAT(offered({}), IsEmpty());
}

TEST(SplitLine, AsAShellDoes) {
  EXPECT_THAT(split_line("hopyard exec pc"), ElementsAre("exec", "pc"));
  EXPECT_THAT(split_line("hopyard exec "), ElementsAre("exec", ""));
  EXPECT_THAT(split_line("hopyard set 'a -- b' d\\ e \"x"), ElementsAre("set", "a -- b", "d e", "x"));
  EXPECT_THAT(split_line("hopyard ''"), ElementsAre(""));
  EXPECT_THAT(split_line(""), IsEmpty());
}

TEST(StripToBreak, LeavesWhatBashReplaces) {
  std::vector<Candidate> candidates{{"gw:eth0--pc1:eth0", ""}};
  strip_to_break(candidates, "gw:e", "\"'><=;|&(:");
  EXPECT_EQ(candidates[0].word, "eth0--pc1:eth0");
  candidates = {{"--lab=office", ""}};
  strip_to_break(candidates, "--lab=", "\"'><=;|&(:");
  EXPECT_EQ(candidates[0].word, "office");
}

}  // namespace
}  // namespace hopyard::cli
