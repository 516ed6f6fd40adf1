#include "kernel/stand_in.hh"

#include <gmock/gmock.h>

#include "kernel/fake.hh"

namespace hopyard::kernel {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

net::Namespace node(const std::string& name, std::initializer_list<const char*> devices,
                    const std::string& ruleset) {
  net::Namespace made;
  made.name = name;
  for (const char* device : devices) made.devices.emplace_back().name = device;
  made.rulesets = {ruleset};
  return made;
}

TEST(StandIns, ServeAllThatAreGivenTheSame) {
  const std::string text = "table ip t { chain c { iif wan0 accept; } }";
  FakeKernel kernel;
  StandIns stand_ins;
  const auto first = stand_ins.tables(kernel, node("a", {"wan0", "lan0"}, text));
  ASSERT_TRUE(first);
  const std::size_t asked = kernel.calls().size();
  EXPECT_GT(asked, 0U);
  EXPECT_EQ(*stand_ins.tables(kernel, node("b", {"lan7", "wan0", "wan1"}, text)), *first);
  EXPECT_EQ(kernel.calls().size(), asked);
  // Nothing of that name: the kernel may make something else of it.
  EXPECT_NE(*stand_ins.tables(kernel, node("c", {"lan7"}, text)), *first);
  EXPECT_NE(*stand_ins.tables(kernel, node("d", {"wan0"}, text + '\n')), *first);
  EXPECT_GT(kernel.calls().size(), asked);
  EXPECT_EQ(kernel.alive(), 0U);
}

TEST(StandIns, HaveTheDevicesThatAreSpokenOf) {
  FakeKernel kernel;
  StandIns stand_ins;
  ASSERT_TRUE(stand_ins.tables(kernel, node("a", {"lan0", "wan0.7"}, "table ip t { iif wan0.7 accept }")));
  EXPECT_THAT(kernel.calls(), Contains(HasSubstr("wan0.7")));
  EXPECT_THAT(kernel.calls(), Not(Contains(HasSubstr("lan0"))));
}

}  // namespace
}  // namespace hopyard::kernel
