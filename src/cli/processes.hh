#pragma once

#include <string>
#include <vector>

#include "app/ps.hh"
#include "view/writer.hh"

namespace hopyard::cli {

/// The table "processes" that ps and show have in common.
view::Table& put_processes(view::Record& record, const std::vector<keeper::ProcessDescription>& processes,
                           std::string title);

}  // namespace hopyard::cli
