#include <fmt/format.h>

#include "language/kinds.hh"
#include "language/yaml_text.hh"

namespace hopyard::language {
namespace {

/// One of the files that cloud-init reads: a text of several lines, or one that begins with a '#', is what it
/// holds; any other is the name of a file; a map is written as YAML below @p head.
void read_part(Values& values, const Yaml& value, std::string_view what, std::string_view head,
               std::optional<std::string>& into) {
  Context& context = values.context;
  if (value.is_map()) {
    auto text = yaml_text(values, value, what);
    if (!text || !context.charge_content(text->size(), value.at)) return;
    into = std::string(head) + *text;
    return;
  }
  if (!value.is_scalar()) return values.wrong(value, what, "a file, a text or a map");
  const auto text = values.text(value, what, Braces::Free);
  if (!text) return;
  const bool is_content = text->value.starts_with('#') || text->value.find('\n') != std::string_view::npos;
  const std::string* content = nullptr;
  if (!is_content) content = context.file(context.beside(text->at, text->value), text->at);
  if (!is_content && content == nullptr) return;
  const std::string_view held = is_content ? text->value : std::string_view(*content);
  if (context.charge_content(held.size(), value.at)) into = std::string(held);
}

}  // namespace

void read_cloud_init(Values& values, const Yaml& value, std::optional<lab::Vm::Seed>& into) {
  if (!value.is_map() && !value.is_null())
    return values.wrong(value, "'cloud-init'", "a map", "cloud-init: {user-data: user-data.yaml}");
  lab::Vm::Seed& seed = into.emplace();
  values.each_key(value, cloud_init_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<CloudInitKey>(found)) {
      case CloudInitKey::UserData:
        return read_part(values, one, "'user-data'", "#cloud-config\n", seed.user_data);
      case CloudInitKey::MetaData:
        return read_part(values, one, "'meta-data'", "", seed.meta_data);
      case CloudInitKey::NetworkConfig:
        return read_part(values, one, "'network-config'", "", seed.network_config);
    }
  });
}

}  // namespace hopyard::language
