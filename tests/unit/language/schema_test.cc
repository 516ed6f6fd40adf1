#include "language/schema.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "language/keys.hh"
#include "tests/unit/language/reading.hh"

namespace hopyard::language::test {
namespace {

std::string file(const std::string& path) {
  std::ifstream stream(std::string(HOPYARD_SOURCE_DIR).append("/").append(path), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(Schema, IsWhatTheFileHolds) {
  EXPECT_EQ(file("schema/hopyard.schema.json"), schema())
      << "write it anew: make_schema > schema/hopyard.schema.json";
}

TEST(Schema, IsJson) {
  EXPECT_TRUE(nlohmann::json::accept(schema()));
}

TEST(Reference, HasARowForEachKey) {
  const std::string text = file("docs/language.md");
  for (const Object* object : all_objects())
    for (const Key& key : object->keys)
      EXPECT_NE(text.find(std::string("`").append(key.name).append("`")), std::string::npos)
          << object->name << ": " << key.name;
}

TEST(Reference, HasEachWordThatIsChosenFrom) {
  const std::string text = file("docs/language.md");
  for (const auto words :
       {kind_words(), routing_words(), link_type_words(), route_type_words(), action_words()})
    for (const Choice& one : words)
      EXPECT_NE(text.find(std::string("`").append(one.word).append("`")), std::string::npos) << one.word;
}

/// No key and no word is one that YAML 1.1 takes for a truth value.
TEST(Words, AreTextToEveryYaml) {
  const auto harmless = [](std::string_view word) {
    for (const std::string_view truth : {"y", "n", "yes", "no", "true", "false", "on", "off", "null", "~"})
      if (word == truth) return false;
    return true;
  };
  for (const Object* object : all_objects())
    for (const Key& key : object->keys) EXPECT_TRUE(harmless(key.name)) << key.name;
  for (const auto words :
       {kind_words(), routing_words(), link_type_words(), route_type_words(), action_words()})
    for (const Choice& one : words) EXPECT_TRUE(harmless(one.word)) << one.word;
}

TEST(Words, KeysOfOneObjectAreDifferent) {
  for (const Object* object : all_objects()) {
    std::vector<std::string_view> names;
    for (const Object* one = object; one != nullptr; one = one->also)
      for (const Key& key : one->keys) names.push_back(key.name);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << object->name;
  }
}

}  // namespace
}  // namespace hopyard::language::test
