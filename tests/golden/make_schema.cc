// Writes the JSON Schema of lab files to the standard output: make_schema > schema/hopyard.schema.json
#include <cstdio>

#include "language/schema.hh"

int main() {
  const std::string text = hopyard::language::schema();
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}
