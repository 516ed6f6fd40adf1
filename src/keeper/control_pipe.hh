#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "keeper/unit_commands.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// Where the programs of a node ask its init: named pipes (fifo(7)) in /dev/hopyard, for root alone. A
/// program makes a pipe for the answer, and writes one line to `control`: the name of that pipe and its
/// words, with blanks between. Every line of the answer begins with o (for standard output), e (for standard
/// error), or x (the exit status, and the end). node_tools.hh has the program that does this.
class ControlPipe {
 public:
  /// In the node, whose /dev is a file system of its own. What cannot be made leaves a node without it.
  [[nodiscard]] static ControlPipe make();

  /// Readable when there is a request; -1 without a pipe.
  [[nodiscard]] int descriptor() const { return control_.get(); }

  struct Request {
    std::string answer;  ///< the name of the pipe for the answer
    std::vector<std::string> words;
  };
  /// The requests that are there. Lines that are none are left out.
  [[nodiscard]] std::vector<Request> read();
  /// Never waits: who does not take its answer does not get it.
  /// @return false when it has to be tried again, because there is no descriptor or memory for it now.
  [[nodiscard]] static bool answer(const std::string& name, const UnitAnswer& answer);

 private:
  sys::Fd control_;
  std::string pending_;
};

/// A line of a program to the init; nothing for one that is none.
[[nodiscard]] std::optional<ControlPipe::Request> parse_request(std::string_view line);
/// The answer as it is written to the pipe: at most @p room bytes of it, and always its end, the exit status.
[[nodiscard]] std::string answer_text(const UnitAnswer& answer, std::size_t room);

}  // namespace hopyard::keeper
