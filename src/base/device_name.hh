#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace hopyard {

/// The name of a device of a lab in a namespace that is not the lab's own, where no name is as good as one
/// that nobody would choose: "hop-" and eight hexadecimal digits that follow from @p names alone.
[[nodiscard]] std::string device_name(std::initializer_list<std::string_view> names);

}  // namespace hopyard
