// SPDX-License-Identifier: Apache-2.0
// Exceptions of a tile: what the status registers show, and why. Enumerators and rows come from
// isa/exceptions.yaml.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ipusim::isa {

// What the status registers show: ETYPE of SSR and WSR; none is 0.
enum class ExceptionType : std::uint8_t;

// Why, in finer grain; none is 0. One cause belongs to one type, except where an operand picks one of two.
// `unimplemented_*` name a part of this model that is not there, whatever type the status register shows.
enum class ExceptionCause : std::uint8_t;

struct ExceptionTypeInfo {
  std::string_view name;  // the enumerator's
  ExceptionType type;
  bool is_break;          // a debugger asked for it: CTXT_STS shows 2, and 3 for all others
  std::string_view text;  // what it stands for
};

struct ExceptionCauseInfo {
  std::string_view name;  // the enumerator's
  ExceptionCause cause;
  ExceptionType type;
  ExceptionType or_type;  // the other type that an operand may pick; none for all but `trap`
  bool any;               // follows from the class of an instruction or may hit every one
  bool address;           // a report of it may name a data address
  std::string_view text;  // what raises it
};

// The enumerators, `exception_types` and `exception_causes`; both arrays by number, their first row is
// `none`.
#include "ipusim/isa/exceptions.inc"

constexpr bool is_break(ExceptionType type) {
  return exception_types[static_cast<std::size_t>(type)].is_break;
}

// The type of a cause; the first one where an operand picks.
constexpr ExceptionType type_of(ExceptionCause cause) {
  return exception_causes[static_cast<std::size_t>(cause)].type;
}
// Whether the status register may show `type` for a cause.
constexpr bool belongs(ExceptionCause cause, ExceptionType type) {
  const ExceptionCauseInfo& row = exception_causes[static_cast<std::size_t>(cause)];
  return type == row.type || (type == row.or_type && type != ExceptionType::none);
}

// The enumerator's own name; "unknown" for numbers that are none, which can only come from a broken model.
constexpr std::string_view name_of(ExceptionType type) {
  const auto number = static_cast<std::size_t>(type);
  return number < exception_types.size() ? exception_types[number].name : "unknown";
}
constexpr std::string_view name_of(ExceptionCause cause) {
  const auto number = static_cast<std::size_t>(cause);
  return number < exception_causes.size() ? exception_causes[number].name : "unknown";
}

}  // namespace ipusim::isa
