// Reads arbitrary bytes as a map in GraphML. What comes out without a mistake has to become a sound lab file.
#include "fuzz/map_check.hh"
#include "maps/graphml.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hopyard::maps::check_map(hopyard::maps::read_graphml, data, size);
  return 0;
}
