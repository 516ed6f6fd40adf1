#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What daemons say when they are asked to read a configuration and cannot.
namespace hopyard::app {

/// What a daemon does not take.
struct Refusal {
  std::size_t line = 0;  ///< from 1
  std::string words;
};

/// Of `bird -p`: "bird: /dev/stdin:4:10 syntax error, unexpected …"
[[nodiscard]] std::vector<Refusal> refusals_of_bird(std::string_view output);
/// Of `vtysh --dryrun`: "line 4: % Unknown command[25]:  neighbour 1.2.3.4 remote-as 3"
[[nodiscard]] std::vector<Refusal> refusals_of_frr(std::string_view output);
/// Of `radvd --configtest`: "/dev/stdin:4 error: syntax error"
[[nodiscard]] std::vector<Refusal> refusals_of_radvd(std::string_view output);

/// The last line that says something but that the program ends; a part of @p output.
[[nodiscard]] std::string_view last_words(std::string_view output);

}  // namespace hopyard::app
