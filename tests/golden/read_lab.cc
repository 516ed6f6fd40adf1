// Reads the lab files it is given and prints what is said of them. Exit status 2 if there was a mistake.
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "language/language.hh"

int main(int count, char** arguments) {
  using namespace hopyard;
  bool failed = false;
  for (int i = 1; i < count; ++i) {
    language::Options options;
    options.path = arguments[i];
    const language::Reading reading =
        language::read(options, [](const std::string& path) -> Result<std::string> {
          std::ifstream file(path, std::ios::binary);
          if (!file) return failure("read", path, errno);
          std::ostringstream text;
          text << file.rdbuf();
          return text.str();
        });
    for (const Diagnostic& one : reading.diagnostics.all())
      std::fputs(render(one, reading.sources, false).c_str(), stdout);
    failed = failed || reading.diagnostics.failed();
  }
  return failed ? 2 : 0;
}
