#include "language/yaml_text.hh"

#include <yaml.h>

namespace hopyard::language {
namespace {

/// One text while libyaml writes it.
class Writer {
 public:
  Writer(Values& values, std::string_view what) : values_(values), what_(what) {
    good_ = yaml_emitter_initialize(&emitter_) != 0;
    yaml_emitter_set_output(&emitter_, &Writer::append, &text_);
    yaml_emitter_set_unicode(&emitter_, 1);
    yaml_emitter_set_width(&emitter_, -1);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { yaml_emitter_delete(&emitter_); }

  std::optional<std::string> write(const Yaml& value) {
    yaml_event_t event;
    emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
    put(value);
    emit(event, yaml_document_end_event_initialize(&event, 1));
    emit(event, yaml_stream_end_event_initialize(&event));
    if (!good_) return std::nullopt;
    return std::move(text_);
  }

 private:
  static int append(void* text, unsigned char* bytes, std::size_t count) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
    return 1;
  }

  /// The emitter takes what has been made, also when it refuses it.
  void emit(yaml_event_t& event, int made) {
    good_ = good_ && made != 0;
    if (made == 0) return;
    if (good_)
      good_ = yaml_emitter_emit(&emitter_, &event) != 0;
    else
      yaml_event_delete(&event);
  }

  void put_scalar(std::string_view text, bool plain) {
    if (text.empty()) text = "";  // libyaml wants a place even for nothing
    const auto style = plain                                       ? YAML_PLAIN_SCALAR_STYLE
                       : text.find('\n') != std::string_view::npos ? YAML_LITERAL_SCALAR_STYLE
                                                                   : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    yaml_event_t event;
    emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr,
                                             reinterpret_cast<const yaml_char_t*>(text.data()),
                                             static_cast<int>(text.size()), plain ? 1 : 0, 1, style));
  }

  void put_text(const std::optional<Text>& text, bool plain) {
    good_ = good_ && text;
    if (text) put_scalar(text->value, plain);
  }

  void put(const Yaml& value) {
    yaml_event_t event;
    if (value.is_null()) return put_scalar("null", true);
    // A truth or a number stays what it is, and becomes no text of the lab file.
    if (value.is_scalar() && value.plain && !value.varies && !value.broken)
      return put_scalar(value.text, true);
    if (value.is_scalar()) return put_text(values_.text(value, what_, Braces::Free), value.plain);
    if (value.is_list()) {
      emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_ANY_SEQUENCE_STYLE));
      for (const Yaml* one : value.children) put(*one);
      return emit(event, yaml_sequence_end_event_initialize(&event));
    }
    emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_ANY_MAPPING_STYLE));
    for (std::size_t i = 0; i < value.size(); ++i) {
      put_text(values_.key(value.key(i), Braces::Free), value.key(i).plain);
      put(value.value(i));
    }
    emit(event, yaml_mapping_end_event_initialize(&event));
  }

  Values& values_;
  std::string_view what_;
  yaml_emitter_t emitter_{};
  std::string text_;
  bool good_ = true;
};

}  // namespace

std::optional<std::string> yaml_text(Values& values, const Yaml& value, std::string_view what) {
  return Writer(values, what).write(value);
}

}  // namespace hopyard::language
