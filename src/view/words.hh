#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hh"
#include "base/error.hh"
#include "net/impairment.hh"
#include "net/route.hh"
#include "view/writer.hh"

/// The words for values of net, in the spelling of the lab language and of ip(8).
namespace hopyard::view {

/// "delay 20ms, loss 1%"; "" for none. The value is {"delay": "20ms", "loss": "1%"}, as a lab file has it.
[[nodiscard]] Cell impairment_cell(const net::Impairment& impairment);

/// "10.0.0.0/8 via 10.1.0.1 dev eth0 metric 20", as ip-route(8) prints it, without what is the default.
[[nodiscard]] std::string route_text(const net::Route& route);
/// Its parts for a program: to, type, next_hops, metric, table, source.
[[nodiscard]] Value::Object route_members(const net::Route& route);

/// What a person reads on stderr: every diagnostic with its place in the file, then how many.
[[nodiscard]] std::string diagnostics_text(const Diagnostics& diagnostics, const SourceMap& sources,
                                           bool colour);
/// A list of {severity, file, line, column, end_column, message, help}; what is not known is null.
[[nodiscard]] Value diagnostics_value(const Diagnostics& diagnostics, const SourceMap& sources);

/// {"doing", "object", "errno", "detail", "remedy", "message"}.
[[nodiscard]] Value error_value(const Error& error);

}  // namespace hopyard::view
