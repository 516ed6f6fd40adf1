#pragma once

#include <memory>
#include <string>

#include "base/error.hh"

namespace hopyard::kernel {

/// libnftables, loaded when it is first made: most labs have no ruleset, and every library that the loader
/// need not find is time saved. Not for several threads at once.
class Nftables {
 public:
  /// An error that names the package, when the library is not there.
  [[nodiscard]] static Result<std::unique_ptr<Nftables>> load();
  ~Nftables();
  Nftables(const Nftables&) = delete;
  Nftables& operator=(const Nftables&) = delete;

  /// Loads @p ruleset into the network namespace of the calling thread, whole or not at all. The error's
  /// detail is what libnftables(3) says, with line and column in the text.
  [[nodiscard]] Result<> run(const std::string& ruleset) const;
  /// The whole ruleset of that namespace as nft(8) lists it, without the counts of its counters.
  [[nodiscard]] Result<std::string> list() const;

 private:
  struct Calls;
  explicit Nftables(std::unique_ptr<Calls> calls);
  /// @return what it says on standard output.
  [[nodiscard]] Result<std::string> ask(const char* doing, const std::string& words) const;
  std::unique_ptr<Calls> calls_;
};

}  // namespace hopyard::kernel
