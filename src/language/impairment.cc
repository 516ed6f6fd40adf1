#include <fmt/format.h>

#include "language/draft.hh"

namespace hopyard::language {
namespace {

template <class T, class Read>
bool put(T& where, const Read& read) {
  if (read) where = *read;
  return read.has_value();
}

}  // namespace

void ImpairmentDraft::take(const ImpairmentDraft& nearer) {
  using enum ImpairmentKey;
  if (nearer.has(Delay)) value.delay = nearer.value.delay;
  if (nearer.has(Jitter)) value.jitter = nearer.value.jitter;
  if (nearer.has(Loss)) value.loss = nearer.value.loss;
  if (nearer.has(Corrupt)) value.corrupt = nearer.value.corrupt;
  if (nearer.has(Duplicate)) value.duplicate = nearer.value.duplicate;
  if (nearer.has(Reorder)) value.reorder = nearer.value.reorder;
  if (nearer.has(Rate)) value.rate = nearer.value.rate;
  if (nearer.has(Limit)) value.limit = nearer.value.limit;
  if (nearer.has(Seed)) value.seed = nearer.value.seed;
  if (nearer.has(Jitter)) jitter_at = nearer.jitter_at;
  if (nearer.has(Reorder)) reorder_at = nearer.reorder_at;
  bad_delay = bad_delay || nearer.bad_delay;
  given |= nearer.given;
}

void read_impairment(Values& values, ImpairmentKey key, const Yaml& value, ImpairmentDraft& draft) {
  net::Impairment& into = draft.value;
  bool read = false;
  switch (key) {
    case ImpairmentKey::Delay:
      read = put(into.delay, values.duration(value, "'delay'"));
      draft.bad_delay = !read;
      break;
    case ImpairmentKey::Jitter:
      read = put(into.jitter, values.duration(value, "'jitter'"));
      draft.jitter_at = value.at;
      break;
    case ImpairmentKey::Loss:
      read = put(into.loss, values.percent(value, "'loss'"));
      break;
    case ImpairmentKey::Corrupt:
      read = put(into.corrupt, values.percent(value, "'corrupt'"));
      break;
    case ImpairmentKey::Duplicate:
      read = put(into.duplicate, values.percent(value, "'duplicate'"));
      break;
    case ImpairmentKey::Reorder:
      read = put(into.reorder, values.percent(value, "'reorder'"));
      draft.reorder_at = value.at;
      break;
    case ImpairmentKey::Rate:
      read = put(into.rate, values.rate(value, "'rate'"));
      break;
    case ImpairmentKey::Limit:
      read = put(into.limit, values.integer(value, "'limit'", 1, 1'000'000'000));
      break;
    case ImpairmentKey::Seed:
      read = put(into.seed, values.integer(value, "'seed'", 0, INT64_MAX));
      break;
  }
  if (read) draft.given = static_cast<std::uint16_t>(draft.given | 1U << static_cast<unsigned>(key));
}

void check_impairment(Context& context, const ImpairmentDraft& draft) {
  using namespace std::chrono_literals;
  if (draft.value.delay != 0ns || draft.bad_delay) return;
  if (draft.value.jitter != 0ns)
    context.report.error(draft.jitter_at, "'jitter' without 'delay'",
                         "jitter is how much the delay varies: {delay: 20ms, jitter: 2ms}");
  if (draft.value.reorder != 0)
    context.report.error(draft.reorder_at, "'reorder' without 'delay'",
                         "frames overtake those that wait: {delay: 20ms, reorder: 1%}");
}

}  // namespace hopyard::language
