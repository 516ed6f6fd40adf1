#include "kernel/page_merging.hh"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "tests/unit/folder.hh"

namespace hopyard::kernel {
namespace {

using Switches = std::map<std::string, std::string>;

const Switches as_it_was{{"run", "0"}, {"pages_to_scan", "100"}, {"sleep_millisecs", "20"}};
const Switches merging{{"run", "1"}, {"pages_to_scan", "5000"}, {"sleep_millisecs", "10"}};

/// Files in the place of the kernel's switches, which are the whole machine's.
class PageMergingTest : public testing::Test {
 protected:
  PageMergingTest() {
    for (const auto& [name, value] : as_it_was) set(name, value);
  }
  void set(const std::string& name, const std::string& value) const {
    std::ofstream(folder_.path() / name) << value << '\n';
  }
  [[nodiscard]] Switches switches() const {
    Switches found;
    for (const auto& [name, value] : as_it_was) std::ifstream(folder_.path() / name) >> found[name];
    return found;
  }
  [[nodiscard]] bool noted() const { return std::filesystem::exists(folder_.path() / merging_note); }
  [[nodiscard]] PageMerging hold() const {
    auto held = PageMerging::hold(places_);
    EXPECT_TRUE(held.has_value()) << held.error().text();
    return std::move(held).value_or(PageMerging());
  }
  /// Does something in another process, which ends without a word.
  template <class Work>
  void elsewhere(Work work) const {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }

  Folder folder_;
  MergingPlaces places_{folder_.path(), folder_.path()};
};

TEST_F(PageMergingTest, TheLastShareTurnsItOff) {
  PageMerging one = hold();
  EXPECT_EQ(switches(), merging);
  PageMerging other = hold();
  one.release();
  EXPECT_EQ(switches(), merging);
  other.release();
  EXPECT_EQ(switches(), as_it_was);
  EXPECT_FALSE(noted());
}

TEST_F(PageMergingTest, ANoteThatSomebodyHasChangedLeadsNowhereElse) {
  const std::string other = folder_.path() / "other";
  std::ofstream(other) << "1\n";
  std::ofstream(folder_.path() / merging_note) << other << " 0 1\nother 0 1\nrun 1 0\n";
  PageMerging::recover(places_);
  std::string value;
  std::ifstream(other) >> value;
  EXPECT_EQ(value, "1");
  EXPECT_EQ(switches().at("run"), "1");
  EXPECT_FALSE(noted());
}

TEST_F(PageMergingTest, AShareEndsWithItsObject) {
  { const PageMerging share = hold(); }
  EXPECT_EQ(switches(), as_it_was);
}

TEST_F(PageMergingTest, AForkHasTheShareOfTheOneThatLeaves) {
  PageMerging share = hold();
  elsewhere([&] { share.leave(); });
  EXPECT_EQ(switches(), merging);
  PageMerging::recover(places_);
  EXPECT_EQ(switches(), merging);
  elsewhere([&] { share.release(); });
  EXPECT_EQ(switches(), as_it_was);
  share.leave();
}

TEST_F(PageMergingTest, AShareThatWasGivenBackTakesNobodyElses) {
  PageMerging share = hold();
  elsewhere([&] { share.release(); });
  const PageMerging others = hold();
  share.release();
  EXPECT_EQ(switches(), merging);
  EXPECT_TRUE(noted());
}

TEST_F(PageMergingTest, AForkThatReleasesEndsTheShareOfBoth) {
  PageMerging one = hold();
  PageMerging other = hold();
  elsewhere([&] { one.release(); });
  other.release();
  EXPECT_EQ(switches(), as_it_was);
}

TEST_F(PageMergingTest, WhatAKilledProcessLeftIsPutBack) {
  elsewhere([this] {
    PageMerging share = hold();
    ::_exit(0);
  });
  EXPECT_EQ(switches(), merging);
  PageMerging::recover(places_);
  EXPECT_EQ(switches(), as_it_was);
  EXPECT_FALSE(noted());
}

TEST_F(PageMergingTest, WhatCannotBePutBackNowIsPutBackByTheNextWhoLooks) {
  PageMerging share = hold();
  std::filesystem::remove(folder_.path() / "run");
  share.release();
  EXPECT_TRUE(noted());
  set("run", "1");
  PageMerging::recover(places_);
  EXPECT_EQ(switches(), as_it_was);
  EXPECT_FALSE(noted());
}

TEST_F(PageMergingTest, WhoComesAfterAKilledOneStillKnowsWhatTheHostHad) {
  elsewhere([this] {
    PageMerging share = hold();
    ::_exit(0);
  });
  PageMerging share = hold();
  EXPECT_EQ(switches(), merging);
  share.release();
  EXPECT_EQ(switches(), as_it_was);
}

TEST_F(PageMergingTest, AHostThatMergesByItselfKeepsItsPace) {
  set("run", "1");
  const Switches by_itself = switches();
  PageMerging share = hold();
  EXPECT_TRUE(share.descriptors().empty());
  EXPECT_EQ(switches(), by_itself);
  EXPECT_FALSE(noted());
  share.release();
  EXPECT_EQ(switches(), by_itself);
}

TEST_F(PageMergingTest, WhatSomebodyElseChangedMeanwhileIsTheirs) {
  PageMerging share = hold();
  set("pages_to_scan", "777");
  share.release();
  EXPECT_EQ(switches(), (Switches{{"run", "0"}, {"pages_to_scan", "777"}, {"sleep_millisecs", "20"}}));
}

TEST_F(PageMergingTest, WithNothingToPutBackNothingHappens) {
  PageMerging::recover(places_);
  EXPECT_EQ(switches(), as_it_was);
  EXPECT_FALSE(noted());
}

TEST_F(PageMergingTest, AnAdvisorMayHaveThePace) {
  std::filesystem::remove(folder_.path() / "pages_to_scan");
  std::filesystem::create_directory(folder_.path() / "pages_to_scan");  // cannot be read or written
  PageMerging share = hold();
  std::string run;
  std::ifstream(folder_.path() / "run") >> run;
  EXPECT_EQ(run, "1");
  std::filesystem::remove(folder_.path() / "pages_to_scan");
}

TEST_F(PageMergingTest, WhoMayNotIsToldWhatToDo) {
  std::filesystem::remove(folder_.path() / "run");
  std::filesystem::create_directory(folder_.path() / "run");
  const auto held = PageMerging::hold(places_);
  ASSERT_FALSE(held.has_value());
  EXPECT_EQ(held.error().remedy,
            "as root on the host: echo 1 > " + folder_.path().string() + "/run; or leave out memory: merge");
  EXPECT_FALSE(noted());
  std::string pages;
  std::ifstream(folder_.path() / "pages_to_scan") >> pages;
  EXPECT_EQ(pages, "100");
}

TEST_F(PageMergingTest, AKernelThatCannotIsNamed) {
  const auto checked = check_page_merging(places_);  // without smart_scan
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(
      checked.error().text(),
      "merge pages: this kernel lacks page merging (KSM): there is no " + folder_.path().string() +
          "/smart_scan\n  use a kernel with CONFIG_KSM, Linux 6.7 or later; or leave out memory: merge");
}

}  // namespace
}  // namespace hopyard::kernel
