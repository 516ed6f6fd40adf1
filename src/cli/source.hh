#pragma once

#include "app/prepare.hh"
#include "cli/command.hh"

namespace hopyard::cli {

/// The arguments by which `up` and `check` are told which lab file: [FILE|DIR] [--name NAME] [--set
/// NAME=VALUE]...
void declare(Command& command, app::LabSource& source);

}  // namespace hopyard::cli
