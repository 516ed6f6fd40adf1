#include <nlohmann/json.hpp>

#include "view/value.hh"
#include "view/writer.hh"

namespace hopyard::view {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Value& value);

struct ToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(bool truth) const { return truth; }
  Json operator()(double number) const { return number; }
  Json operator()(std::int64_t number) const { return number; }
  Json operator()(std::uint64_t number) const { return number; }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(const Value::List& list) const {
    Json array = Json::array();
    for (const Value& one : list) array.push_back(json_of(one));
    return array;
  }
  Json operator()(const Value::Object& object) const {
    Json members = Json::object();
    // Appended, not looked up: a writer names each key once, and an object of many members would take long
    // otherwise.
    auto& items = members.get_ref<Json::object_t&>();
    for (const auto& [key, one] : object) items.push_back({key, json_of(one)});
    return members;
  }
};

Json json_of(const Value& value) {
  return std::visit(ToJson{}, value.held());
}

Value value_of(const Table& table) {
  Value::List rows;
  rows.reserve(table.rows().size());
  for (const auto& row : table.rows()) {
    Value::Object object;
    for (std::size_t i = 0; i < row.size(); ++i) object.emplace_back(table.columns()[i].key, row[i].value);
    rows.emplace_back(std::move(object));
  }
  return Value(std::move(rows));
}

}  // namespace

Value value_list(const std::vector<std::string>& texts) {
  Value::List list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(text);
  return Value(std::move(list));
}

std::string json_text(const Value& value) {
  return json_of(value).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string json_line(const Value& value) {
  return json_of(value).dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Value value_of(const Record& record) {
  Value::Object object;
  for (const Record::Item& item : record.items()) {
    if (const auto* field = std::get_if<Record::Field>(&item))
      object.emplace_back(field->key, field->cell.value);
    else if (const auto* fact = std::get_if<Record::Fact>(&item))
      object.emplace_back(fact->key, fact->value);
    else if (const auto* table = std::get_if<Table>(&item))
      object.emplace_back(table->key(), value_of(*table));
    else if (const auto* part = std::get_if<Record::Part>(&item))
      object.emplace_back(part->key, value_of(*part->record));
  }
  return Value(std::move(object));
}

std::string json(const Record& record) {
  return json_text(value_of(record));
}

}  // namespace hopyard::view
