#pragma once

#include "app/ls.hh"
#include "view/writer.hh"

namespace hopyard::cli {

/// For how long the lab has run.
[[nodiscard]] view::Cell uptime_cell(const keeper::Description& lab);
/// When it was started: "2026-11-22T00:57:39Z" (RFC 3339).
[[nodiscard]] view::Cell started_cell(const keeper::Description& lab);

}  // namespace hopyard::cli
