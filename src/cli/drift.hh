#pragma once

#include <string>
#include <vector>

#include "app/repair.hh"
#include "view/writer.hh"

namespace hopyard::cli {

/// A table of what is not as the lab has it; for people nothing if there is nothing.
void put_drift(view::Record& record, std::string key, std::string title,
               const std::vector<keeper::DriftDescription>& drift);

/// The same of `show`, and why not all of it is known if that is so.
void put_drift(view::Record& record, const keeper::DriftReport& report);

}  // namespace hopyard::cli
