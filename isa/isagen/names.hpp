// SPDX-License-Identifier: Apache-2.0
// Names of the vocabulary, as written in the source files and as written in generated C++.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model.hpp"

namespace ipusim::isagen {

struct ClassInfo {
  isa::OperandClass cls;
  unsigned min_width;  // bits its field may have
  unsigned max_width;
};
// The operand class a name stands for ("MR", "imm12zi", "Rel19S2", ...).
std::optional<ClassInfo> parse_operand_class(std::string_view name);

std::optional<isa::Direction> parse_direction(std::string_view name);
std::optional<isa::Mode> parse_mode(std::string_view name);
std::optional<CsrAccess> parse_access(std::string_view name);
std::optional<bool> parse_yes_no(std::string_view name);  // "true", "false"
std::optional<SyncScope> parse_scope(std::string_view name);
// "all", "ipu2+", "ipu21" as a mask of isa::Arch bits.
std::optional<std::uint8_t> parse_arch_mask(std::string_view name);

// Which tile models have it: "modelled" both, "fast" the fast one, "unmodelled" neither.
struct Status {
  bool fast = false;
  bool rtl = false;
};
std::optional<Status> parse_status(std::string_view name);

std::string_view to_string(isa::OperandClass cls);
std::string_view to_string(isa::Direction direction);
std::string_view to_string(isa::PostModify post);
std::string_view to_string(isa::Lane lane);
std::string_view to_string(isa::Mode mode);
std::string_view to_string(CsrAccess access);
std::string_view to_string(SyncScope scope);
// "all", "ipu2+", "ipu21".
std::string_view arch_mask_name(std::uint8_t mask);

// Suffix of a post-modified operand in assembly; empty for none.
std::string_view post_suffix(isa::PostModify post);

bool is_main_register(isa::OperandClass cls);
bool is_aux_register(isa::OperandClass cls);
// Registers an operand of the class spans: 1, 2 or 4; 0 if it is not a register.
unsigned register_span(isa::OperandClass cls);

// "invalid_pc"; "pbrk0, pbrk1" for a cause whose type an operand picks.
std::string types_of(const CauseSpec& cause);

std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace ipusim::isagen
