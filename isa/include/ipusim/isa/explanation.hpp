// SPDX-License-Identifier: Apache-2.0
// What instructions do, in words: the entries of isa/semantics with what follows from the instruction files.
// isagen writes the tables; docs/instructions.md is the same text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ipusim/isa/isa.hpp"

namespace ipusim::isa {

struct NamedText {
  std::string_view name;
  std::string_view text;
};

// One line of the instruction files.
struct ExplainedForm {
  Opcode opcode;
  std::string_view assembly;  // "add $mD, $mA, B:s16": register files, names of operands, kinds of immediates
  std::string_view properties;  // "worker or supervisor, main lane, may share a bundle, 1 turn"
};

// A part of the state of a tile and what it holds.
struct StateValue {
  // m3, a2:3 (registers), AACC5, CWEI_0_1, a CSR, 0x60000 (the word there); after an example also pc, exit
  // (the status sent), sync (the zone waited for), ahead (syncs given ahead), sent (words), worker<n>.pc,
  // worker<n>.<CSR>.
  std::string_view place;
  std::string_view name;                 // the same for people
  std::string_view text;                 // the value for people
  std::span<const std::uint32_t> words;  // the value, the lowest word first
};

// Executed on ipu21 with everything 0 that `before` does not name, `code` (instructions separated by ';')
// leaves what `after` names and changes nothing else; or it raises an exception with the cause `fault`
// (exceptions.hpp).
struct Example {
  std::string_view mnemonic;  // of its first instruction
  std::span<const StateValue> before;
  std::string_view code;
  std::span<const StateValue> after;
  std::string_view fault;
};

// One instruction, or several that have it in common.
struct Explanation {
  std::span<const std::string_view> mnemonics;
  std::string_view section;
  std::string_view section_text;
  std::string_view summary;
  std::span<const ExplainedForm> forms;
  std::span<const NamedText> operands;
  std::string_view operation;        // lines in the notation below
  std::span<const NamedText> facts;  // Timing, Flag, Reads, Writes, Fault, Note
  std::span<const Example> examples;
};

std::span<const Explanation> all_explanations();
// The entry of a mnemonic; nullptr if there is no such instruction.
const Explanation* find_explanation(std::string_view mnemonic);

// The notation of `operation`.
std::span<const NamedText> notation();

// A spelling that the assembler turns into one or two instructions; `code` and `same` give the same words.
struct Alias {
  std::string_view name;
  std::string_view text;
  std::string_view code;
  std::string_view same;
};
std::span<const Alias> all_aliases();

}  // namespace ipusim::isa
