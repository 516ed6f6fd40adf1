#include "app/confirm.hh"

#include <fmt/format.h>

#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Confirm final : public Action {
 public:
  explicit Confirm(Command& command) {
    command.positional("LAB", lab_, "the lab to keep; the only one that runs if it is left out",
                       Completes::Lab);
    command.option('l', "lab", "LAB", lab_, "the same", Completes::Lab);
  }

  int run(Output& output) override {
    const auto kept = app::confirm(keeper::Registry::standard(), lab_);
    if (!kept) return output.fail(kept.error());
    view::Record record;
    record.fact("lab", view::Value(*kept));
    record.sentence(fmt::format("lab {} stays", *kept));
    output.print(record);
    return status::success;
  }

 private:
  std::string lab_;
};

constexpr Example confirm_examples[] = {
    {"hopyard confirm office",
     "keeps lab office, whose lab file says confirm: 30s for an interface of the host"},
};

}  // namespace

const Verb confirm_verb{
    "confirm",
    Group::Host,
    "keep a lab that has taken over an interface",
    "A lab file may ask for this where a bridge takes over an interface of the host (`confirm: 30s`): "
    "unless somebody who still reaches the host confirms in time, the lab goes down and the host is put "
    "back as it was.",
    confirm_examples,
    make<Confirm>};

}  // namespace hopyard::cli
