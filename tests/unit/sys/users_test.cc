#include "sys/users.hh"

#include <gtest/gtest.h>

namespace hopyard::sys {
namespace {

std::optional<std::pair<std::uint32_t, std::uint32_t>> range(std::string_view text) {
  const auto found = subordinate_ids(text, "anna", 1000);
  return found ? std::optional(std::pair(found->first, found->count)) : std::nullopt;
}

TEST(SubordinateIds, AreFoundByNameAndByNumber) {
  EXPECT_EQ(range("bert:100000:65536\nanna:165536:65536\n"), std::pair(165536U, 65536U));
  EXPECT_EQ(range("1000:231072:1000"), std::pair(231072U, 1000U));
  EXPECT_EQ(range("anna:1:2\nanna:3:4\n"), std::pair(1U, 2U));
}

TEST(SubordinateIds, OfOthersAndOfNoFormAreNone) {
  for (const char* text : {"", "\n", "annabel:1:2\n", ":1:2\n", "anna\n", "anna:1\n", "anna:1:0\n",
                           "anna:x:2\n", "anna:1:2x\n", "anna:1:99999999999\n", "# anna:1:2\n"})
    EXPECT_EQ(range(text), std::nullopt) << text;
}

}  // namespace
}  // namespace hopyard::sys
