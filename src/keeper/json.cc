#include "keeper/json.hh"

namespace hopyard::keeper {
namespace {

const Json* member_of(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

Result<Json> parse_object(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  if (!value.is_object()) return refusal("read a message", "it is not a JSON object");
  return value;
}

std::string text_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text(const Json& object, const char* member) {
  const Json* value = member_of(object, member);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

std::vector<std::string> texts(const Json& object, const char* member) {
  std::vector<std::string> all;
  for (const Json& value : list(object, member)) {
    if (value.is_string()) all.push_back(value.get<std::string>());
  }
  return all;
}

std::uint64_t number(const Json& object, const char* member) {
  const Json* value = member_of(object, member);
  return value != nullptr && value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
}

double fraction(const Json& object, const char* member) {
  const Json* value = member_of(object, member);
  return value != nullptr && value->is_number() ? value->get<double>() : 0;
}

bool truth(const Json& object, const char* member) {
  const Json* value = member_of(object, member);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

const Json& list(const Json& object, const char* member) {
  static const Json empty = Json::array();
  const Json* value = member_of(object, member);
  return value != nullptr && value->is_array() ? *value : empty;
}

const Json& part(const Json& object, const char* member) {
  static const Json empty = Json::object();
  const Json* value = member_of(object, member);
  return value != nullptr && value->is_object() ? *value : empty;
}

Json to_json(const Error& error) {
  return {{"doing", error.doing},
          {"object", error.object},
          {"code", static_cast<std::uint64_t>(error.code)},
          {"detail", error.detail},
          {"remedy", error.remedy}};
}

Error error_from(const Json& object) {
  return {text(object, "doing"), text(object, "object"), static_cast<int>(number(object, "code")),
          text(object, "detail"), text(object, "remedy")};
}

Json to_json(const net::Impairment& impairment) {
  Json object = Json::object();
  const auto put = [&object](const char* name, auto value) {
    if (value != 0) object[name] = value;
  };
  put("delay_ns", static_cast<std::uint64_t>(impairment.delay.count()));
  put("jitter_ns", static_cast<std::uint64_t>(impairment.jitter.count()));
  put("loss", impairment.loss);
  put("corrupt", impairment.corrupt);
  put("duplicate", impairment.duplicate);
  put("reorder", impairment.reorder);
  put("rate", impairment.rate);
  put("limit", static_cast<std::uint64_t>(impairment.limit));
  if (impairment.seed) object["seed"] = *impairment.seed;
  return object;
}

net::Impairment impairment_from(const Json& object) {
  net::Impairment impairment;
  impairment.delay = std::chrono::nanoseconds(number(object, "delay_ns"));
  impairment.jitter = std::chrono::nanoseconds(number(object, "jitter_ns"));
  impairment.loss = fraction(object, "loss");
  impairment.corrupt = fraction(object, "corrupt");
  impairment.duplicate = fraction(object, "duplicate");
  impairment.reorder = fraction(object, "reorder");
  impairment.rate = number(object, "rate");
  impairment.limit = static_cast<std::uint32_t>(number(object, "limit"));
  if (object.is_object() && object.contains("seed")) impairment.seed = number(object, "seed");
  return impairment;
}

}  // namespace hopyard::keeper
