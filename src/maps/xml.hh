#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hh"

namespace hopyard::maps {

struct XmlAttribute {
  std::string_view name;
  std::string_view value;
};

/// An element that begins; lives as long as the call that hands it out.
struct XmlElement {
  std::string_view name;  ///< without its name space
  std::vector<XmlAttribute> attributes;
  Span at;  ///< of its first tag

  /// The value of an attribute; "" when it has none of that name.
  [[nodiscard]] std::string_view operator[](std::string_view attribute) const;
};

/// What is told of an XML document as it is read.
class XmlHandler {
 public:
  XmlHandler() = default;
  XmlHandler(const XmlHandler&) = delete;
  XmlHandler& operator=(const XmlHandler&) = delete;
  virtual ~XmlHandler() = default;
  virtual void begin(const XmlElement& element) = 0;
  virtual void end() = 0;
  /// A piece of text, with its references replaced.
  virtual void text(std::string_view piece, Span at) = 0;
};

/// Reads well-formed UTF-8 as XML 1.0 with name spaces. What is not well-formed, elements more than 64 deep
/// and entities that the document defines itself or has from elsewhere are reported.
/// @return whether all was well.
[[nodiscard]] bool read_xml(std::string_view text, std::uint32_t file, XmlHandler& handler,
                            Diagnostics& diagnostics);

}  // namespace hopyard::maps
