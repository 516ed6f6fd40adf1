#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace hopyard {

/// What went wrong, in the terms of the person who asked: what was being attempted, on what, what the kernel
/// said. Errors of a lab file are not Errors but Diagnostics (base/diagnostic.hh): they carry a place in the
/// file.
struct Error {
  std::string doing;   ///< the attempt, as a phrase: "create veth pair"
  std::string object;  ///< what it was done to: "r1:eth0 -- r2:eth0"; may be empty
  int code = 0;        ///< errno of the call that failed, 0 when no call failed
  std::string detail;  ///< the kernel's own words (extack) or ours; may be empty
  std::string remedy;  ///< what the person can do; may be empty

  /// One line: "create veth pair r1:eth0 -- r2:eth0: File exists (peer name is taken)"; the remedy on a line
  /// of its own.
  [[nodiscard]] std::string text() const;
};

template <class T = void>
using Result = std::expected<T, Error>;

/// An Error for the call that has just failed; read errno before anything else can change it.
[[nodiscard]] std::unexpected<Error> failure(std::string doing, std::string object, int code,
                                             std::string detail = {}, std::string remedy = {});

/// Whether an errno says what its caller, or the machine, has too little of: descriptors, memory, room. It
/// says nothing of what the call was about, and there may be room for it later.
[[nodiscard]] bool is_scarcity(int code);

/// An Error that no system call reported.
[[nodiscard]] std::unexpected<Error> refusal(std::string doing, std::string detail, std::string remedy = {});

/// Passes the error of @p result on from a function that returns another Result.
template <class T>
[[nodiscard]] std::unexpected<Error> pass_on(Result<T>&& result) {
  return std::unexpected<Error>(std::move(result).error());
}

}  // namespace hopyard

/// Returns the error of EXPRESSION from the calling function, if it has one. For Result<void> and where the
/// value is not used.
#define HOPYARD_TRY(expression)                                                    \
  do {                                                                             \
    if (auto hopyard_result = (expression); !hopyard_result) [[unlikely]]          \
      return std::unexpected<::hopyard::Error>(std::move(hopyard_result).error()); \
  } while (false)

/// Declares NAME with the value of EXPRESSION, or returns its error from the calling function.
#define HOPYARD_TAKE(name, expression)                                          \
  auto name##_result = (expression);                                            \
  if (!name##_result) [[unlikely]]                                              \
    return std::unexpected<::hopyard::Error>(std::move(name##_result).error()); \
  auto name = std::move(*name##_result)
