#pragma once

namespace hopyard::sys {

/// Whether nobody can be reached by @p socket, and nobody can send by it (POLLHUP of poll(2)). Does not wait.
[[nodiscard]] bool has_hung_up(int socket);

}  // namespace hopyard::sys
