#include <string_view>
#include <vector>

#include "cli/run.hh"

int main(int count, char** words) {
  return hopyard::cli::run(std::vector<std::string_view>(words + (count > 0 ? 1 : 0), words + count));
}
