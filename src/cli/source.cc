#include "cli/source.hh"

namespace hopyard::cli {

void declare(Command& command, app::LabSource& source) {
  command.positional("FILE|DIR", source.path,
                     "a lab file, or a folder with one; this folder if it is left out", Completes::File);
  command.option(
      0, "name", "NAME",
      [&source](std::string_view word) -> Result<> {
        source.name = word;
        return {};
      },
      "call the lab NAME, whatever the file says");
  command.option(
      0, "set", "NAME=VALUE",
      [&source](std::string_view word) -> Result<> {
        HOPYARD_TAKE(variable, app::parse_variable(word));
        source.variables.push_back(std::move(variable));
        return {};
      },
      "give ${NAME} in the lab file this value; may be repeated");
  command.option(
      0, "machine", "MACHINE",
      [&source](std::string_view word) -> Result<> {
        source.machine = word;
        return {};
      },
      "which machine this is, of a lab that is spread over several");
}

}  // namespace hopyard::cli
