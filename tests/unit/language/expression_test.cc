#include "language/expression.hh"

#include <gtest/gtest.h>

namespace hopyard::language {
namespace {

Indices numbers(std::initializer_list<std::int64_t> values) {
  Indices indices;
  for (const std::int64_t value : values) indices.add(value);
  return indices;
}

TEST(Expression, HasThePrecedenceOfC) {
  EXPECT_EQ(evaluate("1 + 2 * 3", {}), 7);
  EXPECT_EQ(evaluate("(1 + 2) * 3", {}), 9);
  EXPECT_EQ(evaluate("10 - 3 - 2", {}), 5);
  EXPECT_EQ(evaluate("7 / 2", {}), 3);
  EXPECT_EQ(evaluate("7 % 4 * 2", {}), 6);
  EXPECT_EQ(evaluate("-7 / 2", {}), -3);
  EXPECT_EQ(evaluate("- -4", {}), 4);
}

TEST(Expression, LettersAreTheIndices) {
  EXPECT_EQ(evaluate("i*1000+j*100+k*10+l", numbers({1, 2, 3, 4})), 1234);
  EXPECT_EQ(evaluate("100 + i", numbers({7})), 107);
}

TEST(Expression, SaysWhatIsWrong) {
  EXPECT_EQ(evaluate("j", numbers({1})).error(), "'j' has no value here: too few ranges");
  EXPECT_EQ(evaluate("i", {}).error(), "'i' has no value here: no name has a range");
  EXPECT_EQ(evaluate("1/0", {}).error(), "division by zero");
  EXPECT_EQ(evaluate("1%0", {}).error(), "division by zero");
  EXPECT_EQ(evaluate("", {}).error(), "an expression ends too early");
  EXPECT_EQ(evaluate("1 +", {}).error(), "an expression ends too early");
  EXPECT_EQ(evaluate("(1", {}).error(), "a ')' is missing in an expression");
  EXPECT_EQ(evaluate("1 2", {}).error(), "unexpected '2' in an expression");
  EXPECT_EQ(evaluate("ii", numbers({1})).error(), "unexpected 'ii' in an expression");
  EXPECT_EQ(evaluate("x", {}).error(), "unexpected 'x' in an expression");
}

TEST(Expression, OverflowIsAnError) {
  for (const char* text :
       {"9223372036854775807 + 1", "9223372036854775807 * 2", "-9223372036854775807 - 2",
        "(-9223372036854775807 - 1) / -1", "(-9223372036854775807 - 1) % -1", "99999999999999999999"})
    EXPECT_EQ(evaluate(text, {}).error(), "a number is too large") << text;
}

TEST(Expression, DeepParenthesesAreRefused) {
  const std::string deep(100'000, '(');
  EXPECT_EQ(evaluate(deep, {}).error(), "an expression with too many parentheses");
  EXPECT_EQ(evaluate(std::string(100'000, '-'), {}).error(), "an expression with too many parentheses");
}

TEST(Braces, AreReplacedInNames) {
  EXPECT_EQ(replace_braces("172.31.{i+1}.0/24", numbers({4}), Braces::Structured), "172.31.5.0/24");
  EXPECT_EQ(replace_braces("{i}{j}-{ i * j }", numbers({4, 5}), Braces::Structured), "45-20");
  EXPECT_EQ(replace_braces("{1+1}", {}, Braces::Structured), "2");
  EXPECT_EQ(replace_braces("{j}", numbers({1}), Braces::Structured).error(),
            "'j' has no value here: too few ranges in '{j}'");
}

TEST(Braces, OfOthersStayInFreeText) {
  const Indices indices = numbers({4});
  for (const char* text : {"awk '{print $1}'", "tcp dport { 80-90 }", "{ 22, 80 }", "a{3}", "${i}", "{j}",
                           "{}", "{", "{{", "a}b", "{\"i\": 1}", "chain i { }"})
    EXPECT_EQ(replace_braces(text, indices, Braces::Free), text);
  EXPECT_EQ(replace_braces("echo {i} {i+1}", indices, Braces::Free), "echo 4 5");
  EXPECT_EQ(replace_braces("table t { chain c{i} { } }", indices, Braces::Free), "table t { chain c4 { } }");
}

TEST(Braces, DoubledOnesAreThemselves) {
  EXPECT_EQ(replace_braces("{{i}} {i}", numbers({4}), Braces::Free), "{i} 4");
}

}  // namespace
}  // namespace hopyard::language
