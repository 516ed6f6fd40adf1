# What nearly every file includes, compiled once. The files include what they use all the same; a build with
# CMAKE_DISABLE_PRECOMPILE_HEADERS shows what one has forgotten.
add_library(hopyard_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/headers.cc)
target_precompile_headers(hopyard_headers PRIVATE <algorithm> <array> <expected> <functional> <memory> <optional> <span>
                          <string> <string_view> <unordered_map> <vector> <fmt/format.h>)

# A room is one folder of src/ and one static library. ROOMS are the rooms it may include, LIBRARIES what it uses from outside.
# tools/check-includes holds the same arrows against the include lines.
function(hopyard_room name)
  cmake_parse_arguments(room "" "" "ROOMS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc ${CMAKE_SOURCE_DIR}/src/${name}/*/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(sources)
    add_library(hopyard_${name} STATIC ${sources})
    target_precompile_headers(hopyard_${name} REUSE_FROM hopyard_headers)
    set(scope PUBLIC)
  else()
    add_library(hopyard_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(hopyard_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM room_ROOMS PREPEND hopyard_)
  target_link_libraries(hopyard_${name} ${scope} ${room_ROOMS} ${room_LIBRARIES})
endfunction()
