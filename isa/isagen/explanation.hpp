// SPDX-License-Identifier: Apache-2.0
// What the manual and `ipu-objdump --explain` say of instructions: the entries of isa/semantics, with
// everything added that follows from the lines of the instruction files.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

// One line of the instruction files.
struct ExplainedForm {
  const InstructionSpec* spec;
  std::string assembly;    // with the entry's names of operands
  std::string properties;  // lane, mode, bundle, turns, architectures
};

struct ExplainedEntry {
  const SectionSpec* section;
  const SemanticsSpec* semantics;
  std::vector<ExplainedForm> forms;
  std::vector<NamedText>
      facts;  // timing, flags, reads, writes, faults, notes: those there are, several of a name in turn
};

// All entries, in the order of the sections.
std::vector<ExplainedEntry> explain(const Model& model);

// "$m1 = 5, $a2:3 = (1.0, 2.0)"; empty for no values.
std::string state_text(const std::vector<StateValueSpec>& values);
std::string place_text(const std::string& place);

// "u16", "s16", "hi12", ...: the kind of an immediate and the width of its field.
std::string value_kind(const OperandSpec& operand);
// ":BL", ":BU", ":B"; empty for others.
std::string_view broadcast_suffix(isa::OperandClass cls);

}  // namespace ipusim::isagen
