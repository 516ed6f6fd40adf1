#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/prepare.hh"
#include "app/up.hh"
#include "lab/check.hh"

namespace hopyard::app {

/// What came of one check.
struct Outcome {
  std::string check;  ///< in words
  std::string where;  ///< file:line:column
  bool held = false;
  std::string why;           ///< it did not hold; empty when it did
  double seconds = 0;        ///< until it held, or the time was over
  std::string skipped = {};  ///< why it cannot be made on this machine; empty when it was made
};

struct TestReport {
  std::string lab;
  std::vector<Outcome> outcomes;  ///< of the checks that were made, in the order of the file
  double seconds = 0;             ///< all together, with up and down
  int interrupted = 0;            ///< the signal that ended it early, if one did
  bool ended = false;             ///< the lab was ended by another before all checks were made
};

/// Brings the lab up, makes its checks one after the other, each again and again until it holds or its time
/// is over, and takes the lab down whatever came of it, after SIGINT, SIGTERM and SIGHUP too.
/// @param prepared without mistakes; what it wanted made is taken from it.
/// @param tell called after each check. @param interrupted as for up().
/// @return the error when the lab could not be brought up, looked at or taken down.
[[nodiscard]] Result<TestReport> test(const keeper::Registry& registry, Prepared& prepared,
                                      const UpOptions& options,
                                      const std::function<void(const Outcome& outcome)>& tell,
                                      int& interrupted);

}  // namespace hopyard::app
