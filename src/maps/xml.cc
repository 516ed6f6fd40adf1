#include "maps/xml.hh"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "maps/map.hh"

namespace hopyard::maps {
namespace {

constexpr char separator = ' ';  // between name space and name; no URI holds a blank

std::string_view local_name(const char* name) {
  const std::string_view whole(name);
  return whole.substr(whole.rfind(separator) + 1);
}

/// One document on its way through expat(3), which calls the static functions.
class Document {
 public:
  Document(std::string_view text, std::uint32_t file, XmlHandler& handler, Diagnostics& diagnostics)
      : text_(text),
        file_(file),
        handler_(handler),
        diagnostics_(diagnostics),
        parser_(XML_ParserCreateNS("UTF-8", separator), XML_ParserFree) {
    if (parser_ == nullptr) return;
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_begin, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetEntityDeclHandler(parser_.get(), on_entity);
    XML_SetSkippedEntityHandler(parser_.get(), on_skipped);
  }

  bool read() {
    if (parser_ == nullptr) return refuse({file_, 0, 0}, "there is no memory to read XML"), false;
    const auto status = XML_Parse(parser_.get(), text_.data(), static_cast<int>(text_.size()), XML_TRUE);
    if (status == XML_STATUS_OK && !refused_) return true;
    if (refused_) return false;
    const XML_Error error = XML_GetErrorCode(parser_.get());
    const char* words = error == XML_ERROR_NO_ELEMENTS ? "the file ends too early" : XML_ErrorString(error);
    const std::uint32_t at = offset();
    refuse({file_, at, at + 1}, fmt::format("this is not well-formed XML: {}", words));
    return false;
  }

 private:
  static Document& of(void* data) { return *static_cast<Document*>(data); }

  static void on_begin(void* data, const char* name, const char** attributes) {
    of(data).begin(name, attributes);
  }
  static void on_end(void* data, const char* /*name*/) {
    Document& self = of(data);
    --self.depth_;
    if (!self.refused_) self.handler_.end();
  }
  static void on_text(void* data, const char* piece, int length) {
    Document& self = of(data);
    if (!self.refused_) self.handler_.text({piece, static_cast<std::size_t>(length)}, self.here());
  }
  // expat's own signature has nine parameters. NOLINTNEXTLINE(readability-function-size)
  static void on_entity(void* data, const char* name, int /*parameter*/, const char* /*value*/,
                        int /*length*/, const char* /*base*/, const char* /*system*/,
                        const char* /*identity*/, const char* /*notation*/) {
    of(data).refuse(of(data).here(), fmt::format("an entity of the file's own, '{}', is not read", name),
                    "write the text itself where the entity stands");
  }
  static void on_skipped(void* data, const char* name, int /*parameter*/) {
    of(data).refuse(of(data).here(), fmt::format("the entity '{}' is not known", name),
                    "write the letter itself, or its number: &#228;");
  }

  void begin(const char* name, const char** attributes) {
    ++depth_;
    if (refused_) return;
    XmlElement element{local_name(name), {}, here()};
    if (depth_ > deepest)
      return refuse(element.at, fmt::format("more than {} elements in each other", deepest));
    for (; *attributes != nullptr; attributes += 2)
      element.attributes.push_back({local_name(attributes[0]), attributes[1]});
    handler_.begin(element);
  }

  /// Where expat stands, kept inside the text whatever it says.
  std::uint32_t offset() const {
    const XML_Index index = XML_GetCurrentByteIndex(parser_.get());
    return static_cast<std::uint32_t>(std::clamp<XML_Index>(index, 0, static_cast<XML_Index>(text_.size())));
  }
  Span here() const {
    const std::uint32_t begin = offset();
    const auto length = static_cast<std::uint32_t>(std::max(0, XML_GetCurrentByteCount(parser_.get())));
    return {file_, begin, std::min(begin + length, static_cast<std::uint32_t>(text_.size()))};
  }

  void refuse(Span at, std::string message, std::string help = {}) {
    if (refused_) return;
    refused_ = true;
    diagnostics_.error(at, std::move(message), std::move(help));
    if (parser_ != nullptr) XML_StopParser(parser_.get(), XML_FALSE);
  }

  std::string_view text_;
  std::uint32_t file_;
  XmlHandler& handler_;
  Diagnostics& diagnostics_;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser_;
  std::size_t depth_ = 0;
  bool refused_ = false;
};

}  // namespace

std::string_view XmlElement::operator[](std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &XmlAttribute::name);
  return found == attributes.end() ? std::string_view() : found->value;
}

bool read_xml(std::string_view text, std::uint32_t file, XmlHandler& handler, Diagnostics& diagnostics) {
  return Document(text, file, handler, diagnostics).read();
}

}  // namespace hopyard::maps
