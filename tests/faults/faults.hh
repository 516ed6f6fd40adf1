#pragma once

#include <atomic>
#include <cstdint>

/// What the library of faults (faults.cc) and the tests that preload it (tests/e2e/faults.py) tell each
/// other: one file, mapped by every process of the program under test, so that no process needs a descriptor
/// for it.
namespace hopyard::faults {

constexpr unsigned deepest = 8;         ///< return addresses that a site may have
constexpr unsigned most_sites = 16384;  ///< of which a run finds some two thousand
constexpr unsigned longest_name = 24;

enum class Mode : std::uint32_t { Record, Fail, Kill };

/// A place of the program that calls a function of the C library which makes a system call: the function, and
/// the calls that led there, the innermost first, as offsets from where the program is loaded.
struct Site {
  std::atomic<std::uint64_t> id;  ///< 0: the entry is free
  std::uint64_t place[deepest];   ///< 0 after the outermost
  char function[longest_name];
  std::atomic<std::uint32_t> passed;  ///< how often
  std::int32_t error;                 ///< errno that the function fails with here; 0 if it is only killed at
};

struct Orders {
  Mode mode;
  std::uint32_t depth;    ///< how many calls tell a site from another
  std::uint64_t site;     ///< where to fail or to be killed
  std::uint32_t passing;  ///< at which passing, counted from 1 over all processes
  std::atomic<std::uint32_t> passed;
  std::atomic<std::int32_t> struck;  ///< pid, in its own namespace, of the process that it struck; 0 if none
  char program[256];                 ///< the program under test; every other one is left alone
  Site sites[most_sites];
};

}  // namespace hopyard::faults
