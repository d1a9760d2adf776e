// SPDX-License-Identifier: Apache-2.0
// The parser class; asm_parser.cpp holds matching and emission, asm_parser_operands.cpp operands,
// asm_parser_directives.cpp directives.
#pragma once

#include "asm_parser.hpp"
#include "bundle.hpp"
#include "csr_name.hpp"
#include "directive_guard.hpp"
#include "llvm/MC/MCParser/MCAsmLexer.h"
#include "operand.hpp"

namespace llvm::Colossus {

class ColossusAsmParser : public MCTargetAsmParser {
 public:
  ColossusAsmParser(const MCSubtargetInfo& subtarget, const ParserSettings& settings, MCAsmParser& parser,
                    const MCInstrInfo& instructions, const MCTargetOptions& options,
                    ObjectStreamer& streamer);

 private:
#define GET_ASSEMBLER_HEADER
#include "ColossusGenAsmMatcher.inc"

  // --- MCTargetAsmParser
  bool ParseRegister(unsigned& reg, SMLoc& begin, SMLoc& end) override;
  OperandMatchResultTy tryParseRegister(unsigned& reg, SMLoc& begin, SMLoc& end) override;
  bool ParseInstruction(ParseInstructionInfo& info, StringRef name, SMLoc location,
                        OperandVector& operands) override;
  bool ParseDirective(AsmToken directive) override;
  bool MatchAndEmitInstruction(SMLoc location, unsigned& opcode, OperandVector& operands,
                               MCStreamer& streamer, std::uint64_t& error_info, bool inline_asm) override;
  bool parsePrimaryExpr(const MCExpr*& result, SMLoc& end) override;
  void onLabelParsed(MCSymbol* symbol) override;
  void onEndOfFile() override;

  // --- operands
  bool parse_operands(StringRef mnemonic, OperandVector& operands);
  bool parse_operand(StringRef mnemonic, OperandVector& operands);
  bool parse_register_operand(OperandVector& operands, bool& found);
  bool parse_suffix(OperandVector& operands);
  bool parse_half(std::optional<std::int64_t>& value);
  bool parse_csr(const MCExpr*& result, SMLoc& end);
  void check_csrs(const MCInst& inst);
  bool parse_number(StringRef mnemonic, OperandVector& operands);

  // --- matching
  bool expand_ldconst(SMLoc location, OperandVector& operands);
  bool rewrite(OperandVector& operands);
  void rewrite_address(OperandVector& operands);
  bool match(SMLoc location, OperandVector& operands, MCInst& inst);
  bool explain_mismatch(SMLoc location, const OperandVector& operands, unsigned result,
                        std::uint64_t error_info, const FeatureBitset& missing);
  void emit(MCInst inst);
  const MCExpr* repeat_size(const MCInst& inst);
  void align_section(bool to_rows);
  bool close_bundle(SMLoc location);
  bool complain_about_bundle(SMLoc location, const Twine& message);

  // --- directives
  bool set_flag(bool& flag, bool value);
  bool set_mode(ipusim::isa::Mode mode);
  void update_features();
  bool parse_half_directive(SMLoc location);
  bool file_is_elsewhere();

  // As at the start of the file. Nothing is encoded differently in another mode, and LLVM would begin a new
  // fragment with every other subtarget, over which it cannot tell the distance of labels before the layout.
  const MCSubtargetInfo& subtarget_;
  const MCInstrInfo& instructions_;
  ObjectStreamer& streamer_;
  const ParserSettings settings_;
  ipusim::isa::Mode mode_;
  DirectiveGuard guard_;
  ipusim::isa::Arch arch_;
  struct CsrUse {
    SMLoc location;
    CsrSpace space;
  };
  std::vector<CsrUse> csrs_;  // named in the instruction under way
  Bundle bundle_;
  bool closes_bundle_ = false;  // the statement under way ends with `}`
  SMLoc close_location_;
  bool any_mode_ = false;       // .allow_invalid_execution_mode
  bool any_operands_ = false;   // .allow_invalid_operands
  bool bundles_warn_ = false;   // .warn_on_invalid_bundles
  bool check_repeat_ = true;    // .allow_invalid_repeat clears it
  bool may_rearrange_ = false;  // .allow_optimizations
};

}  // namespace llvm::Colossus
