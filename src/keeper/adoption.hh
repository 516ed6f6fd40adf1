#pragma once

#include <vector>

#include "keeper/registry.hh"
#include "kernel/journal.hh"
#include "kernel/real.hh"
#include "net/desired.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// A namespace that is there before the lab, held by its descriptors from before the keeper is born: it could
/// not find it any more from its own mounts.
struct Adoption {
  kernel::Place place;
  sys::Fd netns;
  sys::Fd process;         ///< pidfd of the container's first process; closed for the host
  bool own_users = false;  ///< it lives in a user namespace of its own
};

class Adoptions {
 public:
  /// One for each name in net::Namespace::adopted; an error when a container does not run, or when two nodes
  /// mean the same one.
  [[nodiscard]] static Result<Adoptions> find(const net::Desired& desired);

  [[nodiscard]] bool empty() const { return all_.empty(); }
  /// What @p adopted, as net::Namespace has it, is; null when it is none of these.
  [[nodiscard]] const Adoption* of(const std::string& adopted) const;
  [[nodiscard]] std::vector<int> descriptors() const;
  [[nodiscard]] std::vector<kernel::RealKernel::Door> doors() const;
  /// The way to a place for one who holds these.
  [[nodiscard]] Result<sys::Fd> find_again(const kernel::Place& place) const;

 private:
  std::vector<Adoption> all_;
};

/// Undoes what the lab of @p claim has changed outside of itself; what cannot be undone now, the next one who
/// looks at the labs tries again.
/// @return whether all is as it was.
[[nodiscard]] bool undo_changes(const Claim& claim, const Adoptions& adoptions);

}  // namespace hopyard::keeper
