// What comes over a control socket, and over the one to a node's init, as any bytes at all: cut into frames
// however they come, read as requests, answers and reports; and what programs in a node write to its init's
// pipe. What is read of a description must read the same once it has been written.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "keeper/control_pipe.hh"
#include "keeper/description.hh"
#include "keeper/drift.hh"
#include "keeper/json.hh"
#include "keeper/protocol.hh"
#include "keeper/service_description.hh"
#include "keeper/unit_commands.hh"

namespace {

void read_message(const std::string& body) {
  using namespace hopyard::keeper;
  if (const auto object = parse_object(body)) {
    for (const char* member : {"do", "node", "target", "how", "order", "error", "nodes", "services"}) {
      (void)text(*object, member);
      (void)texts(*object, member);
      (void)number(*object, member);
      (void)truth(*object, member);
    }
    (void)error_from(part(*object, "error"));
    (void)text_of(to_json(impairment_from(part(*object, "impairment"))));
    for (const Json& one : list(*object, "services")) (void)service_from(one);
    (void)service_from(part(*object, "service"));
  }
  (void)decode_processes(body);
  if (const auto repair = decode_repair(body)) {
    const std::string written = encode(*repair);
    const auto again = decode_repair(written);
    if (!again || encode(*again) != written) std::abort();
  }
  const auto description = decode_description(body);
  if (!description) return;
  const std::string written = encode(*description);
  const auto again = decode_description(written);
  if (!again || encode(*again) != written) std::abort();
}

/// A request at the pipe names the one for the answer, which must not lead out of its folder.
void read_line(std::string_view line) {
  using namespace hopyard::keeper;
  const auto request = parse_request(line);
  if (request && (request->answer.empty() || request->answer.starts_with('.') || request->words.empty() ||
                  request->answer.find('/') != std::string::npos))
    std::abort();
  UnitAnswer answer;
  answer.out = line;
  answer.err = line;
  for (const std::size_t room : {std::size_t{0}, line.size(), std::size_t{65536}})
    if (const std::string text = answer_text(answer, room); !text.ends_with("\n")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hopyard::keeper;
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0];  // how the bytes come
  const std::span<const char> all(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string whole(all.begin(), all.end());
  read_message(whole);
  read_line(whole);
  FrameReader reader(longest_request);
  for (std::size_t at = 0; at < all.size(); at += piece) {
    reader.add(all.subspan(at, std::min(piece, all.size() - at)));
    for (;;) {
      const auto body = reader.next();
      if (!body) return 0;  // the connection would be closed
      if (!*body) break;
      read_message(**body);
    }
  }
  return 0;
}
