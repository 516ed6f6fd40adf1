// Reads arbitrary bytes as a map in GML. What comes out without a mistake has to become a sound lab file.
#include "fuzz/map_check.hh"
#include "maps/gml.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hopyard::maps::check_map(hopyard::maps::read_gml, data, size);
  return 0;
}
