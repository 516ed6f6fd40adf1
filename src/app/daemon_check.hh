#pragma once

#include "language/language.hh"

namespace hopyard::app {

/// Has the daemons' own parsers (`bird -p`, `vtysh --dryrun`, `radvd --configtest`) read the configurations
/// that the lab file brings, and adds what they refuse to the diagnostics: at the line of the lab file, or of
/// the file that it names. Where the program is not installed nothing is looked at. Each text is looked at
/// once.
void check_daemon_configurations(language::Reading& reading);

}  // namespace hopyard::app
