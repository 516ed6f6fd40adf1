#pragma once

#include "app/show.hh"
#include "view/writer.hh"

namespace hopyard::cli {

/// A node as `show` tells of it: what the lab gave it, and what its kernel has now.
void put_node(view::Record& record, const app::Shown& shown);

/// The table "links", of a lab or a node.
void put_links(view::Record& record, const std::vector<keeper::LinkDescription>& links);

[[nodiscard]] view::Cell state_cell(const keeper::NodeDescription& node);

}  // namespace hopyard::cli
