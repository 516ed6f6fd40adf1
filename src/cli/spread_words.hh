#pragma once

#include "app/spread.hh"
#include "cli/output.hh"
#include "view/spread_picture.hh"
#include "view/writer.hh"

/// The words and the picture of `spread`.
namespace hopyard::cli {

/// "+      0.412 s  r3    2 hops  10.9.0.0/24 via 10.0.1.1 dev eth0  (bgp)", or a line of JSON.
void print_step(Output& output, const app::Spread& spread, const app::SpreadStep& step,
                std::size_t widest_node);

/// What became of the prefix. @param watched false when only what is there now is known, so that there are no
/// times.
void put_spread(view::Record& record, const app::Spread& spread, const std::string& lab, bool watched);

[[nodiscard]] view::SpreadPicture picture_of(const app::Spread& spread, const std::string& lab);

}  // namespace hopyard::cli
