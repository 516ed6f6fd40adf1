#include "base/suggest.hh"

#include <gtest/gtest.h>

#include <array>

namespace hopyard {
namespace {

constexpr std::array<std::string_view, 7> keys{"addresses", "interfaces", "routes", "run",
                                               "root",      "dns",        "nat"};

TEST(Nearest, FindsSlipsOfTheFinger) {
  EXPECT_EQ(nearest("adresses", keys), "addresses");     // one left out
  EXPECT_EQ(nearest("addressess", keys), "addresses");   // one too many
  EXPECT_EQ(nearest("rouets", keys), "routes");          // two swapped
  EXPECT_EQ(nearest("intarfaces", keys), "interfaces");  // another one
  EXPECT_EQ(nearest("ADDRESSES", keys), "addresses");
  EXPECT_EQ(nearest("run", keys), "run");
}

TEST(Nearest, TakesTheNearestAndOfEqualOnesTheFirst) {
  EXPECT_EQ(nearest("rout", keys), "root");
  EXPECT_EQ(nearest("rux", keys), "run");
  constexpr std::array<std::string_view, 2> twins{"eth1", "eth2"};
  EXPECT_EQ(nearest("eth3", twins), "eth1");
}

TEST(Nearest, KeepsSilentAboutWhatIsFar) {
  EXPECT_FALSE(nearest("colour", keys));
  EXPECT_FALSE(nearest("x", keys));
  EXPECT_FALSE(nearest("", keys));
  EXPECT_FALSE(nearest("nat", std::span<const std::string_view>()));
}

TEST(DidYouMean, AsksOnlyWhenItKnowsSomething) {
  EXPECT_EQ(did_you_mean("adresses", keys), "did you mean 'addresses'?");
  EXPECT_EQ(did_you_mean("colour", keys), "");
}

}  // namespace
}  // namespace hopyard
