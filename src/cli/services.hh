#pragma once

#include <string>
#include <vector>

#include "app/restart.hh"
#include "view/writer.hh"

namespace hopyard::cli {

/// The table of services of a node: state, process, restarts, last exit, since when.
view::Table& put_services(view::Record& record, const std::vector<keeper::ServiceDescription>& services,
                          std::string title);

}  // namespace hopyard::cli
