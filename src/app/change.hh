#pragma once

#include <string>

#include "app/impair.hh"
#include "app/place.hh"
#include "base/error.hh"
#include "keeper/client.hh"
#include "keeper/registry.hh"

/// What changes a lab that runs: set, fail, heal.
namespace hopyard::app {

/// A link after it was set, seen from the end that was named first.
struct SetReport {
  std::string lab;
  std::string place;  ///< as the keeper was asked: "r1 -- r2", "r1:eth0"
  net::Impairment out;
  net::Impairment back;
};

/// Changes the impairments of a link, or of the link that an interface is an end of; what is not named stays
/// as it is.
/// @param lab from -l; empty for the one in @p place or the only one that runs.
[[nodiscard]] Result<SetReport> set(const keeper::Registry& registry, const std::string& lab,
                                    const Place& place, const ImpairmentChange& change);

struct ChangeReport {
  std::string lab;
  std::string place;
};

/// Fails a link, an interface or a node; again is no error.
[[nodiscard]] Result<ChangeReport> fail(const keeper::Registry& registry, const std::string& lab,
                                        const Place& place, keeper::Failure failure);
[[nodiscard]] Result<ChangeReport> heal(const keeper::Registry& registry, const std::string& lab,
                                        const Place& place);

/// The words that the keeper knows the place by.
[[nodiscard]] std::string place_text(const Place& place);

/// The link of @p description that @p place means, and whether it was named from its second end; nothing when
/// it is not one link.
struct FoundLink {
  const keeper::LinkDescription* link = nullptr;
  bool reversed = false;
};
[[nodiscard]] FoundLink find_link(const keeper::Description& description, const Place& place);

}  // namespace hopyard::app
