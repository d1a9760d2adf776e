// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "asm_parser_impl.hpp"
#include "csr_name.hpp"
#include "llvm/ADT/APFloat.h"
#include "llvm/MC/MCSymbol.h"
#include "register_name.hpp"

namespace llvm::Colossus {

using ipusim::isa::Mode;

bool ColossusAsmParser::ParseRegister(unsigned& reg, SMLoc& begin, SMLoc& end) {
  if (tryParseRegister(reg, begin, end) == MatchOperand_Success) return false;
  return Error(getLexer().getLoc(), "invalid register name");
}

OperandMatchResultTy ColossusAsmParser::tryParseRegister(unsigned& reg, SMLoc& begin, SMLoc& end) {
  const AsmToken& token = getTok();
  if (token.isNot(AsmToken::Identifier)) return MatchOperand_NoMatch;
  const unsigned found = find_register(token.getString());
  if (found == 0) return MatchOperand_NoMatch;
  reg = found;
  begin = token.getLoc();
  end = token.getEndLoc();
  Lex();
  return MatchOperand_Success;
}

// Braces: `{` may be followed by an instruction, an instruction by `}`. What is left of the statement is one
// instruction or nothing.
bool ColossusAsmParser::ParseInstruction(ParseInstructionInfo&, StringRef name, SMLoc location,
                                         OperandVector& operands) {
  closes_bundle_ = false;
  std::string mnemonic = name.str();
  if (mnemonic == "{") {
    const bool nested = bundle_.is_open();
    bundle_.open(location);
    if (nested) {
      bundle_.spoil();
      return Error(location, "start of instruction bundle without end");
    }
    if (parseOptionalToken(AsmToken::EndOfStatement)) return false;
    if (getTok().is(AsmToken::RCurly)) {
      mnemonic = "}";
      location = getTok().getLoc();
    } else if (getTok().isNot(AsmToken::Identifier)) {
      return Error(getTok().getLoc(), "expected an instruction");
    } else {
      mnemonic = getTok().getString().lower();
      location = getTok().getLoc();
    }
    Lex();
  }
  csrs_.clear();
  if (mnemonic != "}") {
    operands.push_back(Operand::token(mnemonic, location));
    if (parse_operands(mnemonic, operands)) {
      // The rest of the statement is skipped; a brace in it still ends the bundle, or all that follows fails
      // too.
      bundle_.spoil();
      for (; getTok().isNot(AsmToken::EndOfStatement) && getTok().isNot(AsmToken::Eof); Lex())
        if (getTok().is(AsmToken::RCurly))
          bundle_.close(getTok().getLoc(), instructions_, *getContext().getRegisterInfo(), false);
      return true;
    }
  }
  if (mnemonic == "}" || getTok().is(AsmToken::RCurly)) {
    close_location_ = mnemonic == "}" ? location : getTok().getLoc();
    if (mnemonic != "}") Lex();
    if (!bundle_.is_open()) return Error(close_location_, "end of instruction bundle without start");
    closes_bundle_ = true;
  }
  return parseToken(AsmToken::EndOfStatement, "unexpected token in argument list");
}

bool ColossusAsmParser::parse_operands(StringRef mnemonic, OperandVector& operands) {
  if (getTok().is(AsmToken::EndOfStatement) || getTok().is(AsmToken::RCurly)) return false;
  do {
    if (parse_operand(mnemonic, operands)) return true;
  } while (parseOptionalToken(AsmToken::Comma));
  if (getTok().is(AsmToken::EndOfStatement) || getTok().is(AsmToken::RCurly)) return false;
  return Error(getTok().getLoc(), "unexpected token in argument list");
}

bool ColossusAsmParser::parse_operand(StringRef mnemonic, OperandVector& operands) {
  bool found = false;
  if (parse_register_operand(operands, found) || found) return !found;
  return parse_number(mnemonic, operands);
}

// $m3   $m4:5   $a0:3   $a2:BL, each with an optional post-modify suffix.
bool ColossusAsmParser::parse_register_operand(OperandVector& operands, bool& found) {
  if (getTok().isNot(AsmToken::Identifier)) return false;
  const SMLoc begin = getTok().getLoc();
  // '@' may be part of a symbol's name for the lexer; after a register it is a suffix.
  StringRef name = getTok().getString();
  const bool at = name.consume_back("@");
  unsigned reg = find_register(name);
  if (reg == 0) return false;
  SMLoc end = getTok().getEndLoc();
  Lex();
  BroadcastKind broadcast = BroadcastKind::none;
  if (!at && getTok().is(AsmToken::Colon)) {
    Lex();
    const AsmToken token = getTok();
    if (token.is(AsmToken::Integer)) {
      const auto group = find_group(reg, static_cast<unsigned>(token.getIntVal()), any_operands_);
      if (!group) return Error(begin, "invalid operand for instruction: no such register group");
      reg = *group;
    } else {
      const StringRef suffix = token.is(AsmToken::Identifier) ? token.getString() : "";
      if (suffix == "B") broadcast = BroadcastKind::both;
      if (suffix == "BL") broadcast = BroadcastKind::lower;
      if (suffix == "BU") broadcast = BroadcastKind::upper;
      if (broadcast == BroadcastKind::none)
        return Error(token.getLoc(), "expected a register number, B, BL or BU");
    }
    end = token.getEndLoc();
    Lex();
  }
  operands.push_back(Operand::reg(reg, broadcast, begin, end));
  found = true;
  if (at) operands.push_back(Operand::token("@", end));
  return parse_suffix(operands);
}

bool ColossusAsmParser::parse_suffix(OperandVector& operands) {
  const SMLoc location = getTok().getLoc();
  if (getTok().is(AsmToken::Plus)) {
    Lex();
    const bool increment = getTok().is(AsmToken::Plus);
    if (!increment && getTok().isNot(AsmToken::Equal))
      return Error(location, "missing/invalid operand post-inc suffix: expected ++, +=, >> or @");
    Lex();
    operands.push_back(Operand::token(increment ? "++" : "+=", location));
  } else if (parseOptionalToken(AsmToken::GreaterGreater)) {
    operands.push_back(Operand::token(">>", location));
  } else if (parseOptionalToken(AsmToken::At)) {
    operands.push_back(Operand::token("@", location));
  }
  return false;
}

// $PC and the like: the number of a CSR, which may be part of an expression.
bool ColossusAsmParser::parse_csr(const MCExpr*& result, SMLoc& end) {
  const AsmToken token = getTok();
  const StringRef name = token.getString();
  const auto csr = find_csr_name(name, mode_);
  if (!csr) return false;
  if (csr->mode != Mode::both && csr->mode != mode_ && !any_mode_)
    return Error(token.getLoc(), "The CSR " + name + " cannot be used in " +
                                     (mode_ == Mode::worker ? "Worker" : "Supervisor") + " mode.");
  if ((csr->arch_mask & static_cast<unsigned>(arch_)) == 0)
    return Error(token.getLoc(), "there is no CSR " + name + " on " + getSTI().getCPU());
  csrs_.push_back({token.getLoc(), csr->space});
  result = MCConstantExpr::create(csr->number, getContext());
  end = token.getEndLoc();
  Lex();
  return false;
}

// The same number means another register where an instruction reaches another space.
void ColossusAsmParser::check_csrs(const MCInst& inst) {
  for (const auto& [location, space] : csrs_) {
    switch (inst.getOpcode()) {
      case get_mmmn_zi:
      case put_mmmn_zi:
        if (space == CsrSpace::upper)
          Warning(
              location,
              "this CSR is one of uget and uput, which take a register $a; here its number means another");
        if (space == CsrSpace::coefficients)
          Warning(
              location,
              "the coefficient store is written by ld64putcs and ld128putcs; here its number means a CSR");
        break;
      case uget_aaan_zi:
      case uput_aaan_zi:
        if (space == CsrSpace::lower)
          Warning(location,
                  "this CSR is one of get and put, which take a register $m; here its number means another");
        break;
      case ld64putcs_mmmn_zi:
      case ld128putcs_mmmn_zi:
        if (space != CsrSpace::coefficients)
          Warning(location,
                  "ld64putcs and ld128putcs reach the coefficient store alone; here this number means a "
                  "place in it");
        break;
      default:
        break;
    }
  }
}

// 1.5h, -2.0h, infh, -infh: the bits of an IEEE half. Leaves `value` empty if there is none here.
bool ColossusAsmParser::parse_half(std::optional<std::int64_t>& value) {
  const bool negative = getTok().is(AsmToken::Minus);
  const AsmToken first = negative ? getLexer().peekTok() : getTok();
  std::string text;
  if (first.is(AsmToken::Real))
    text = first.getString().str();
  else if (first.is(AsmToken::Identifier) && first.getString() == "infh")
    text = "inf";
  else
    return false;
  const SMLoc location = getTok().getLoc();
  if (negative) Lex();
  Lex();
  if (text != "inf") {
    const bool has_suffix = getTok().is(AsmToken::Identifier) && getTok().getString() == "h" &&
                            getTok().getLoc().getPointer() == first.getEndLoc().getPointer();
    if (!has_suffix)
      return Error(location, "a floating-point literal must end in h (half); there are no others");
    Lex();
  }
  APFloat number(APFloat::IEEEhalf());
  if (text == "inf")
    number = APFloat::getInf(APFloat::IEEEhalf());
  else if (auto status = number.convertFromString(text, APFloat::rmNearestTiesToEven); !status) {
    consumeError(status.takeError());
    return Error(location, "invalid half literal");
  }
  if (negative) number.changeSign();
  value = static_cast<std::int64_t>(number.bitcastToAPInt().getZExtValue());
  return false;
}

bool ColossusAsmParser::parse_number(StringRef mnemonic, OperandVector& operands) {
  const SMLoc begin = getTok().getLoc();
  std::optional<std::int64_t> value;
  if (parse_half(value)) return true;
  const MCExpr* expression = value ? MCConstantExpr::create(*value, getContext()) : nullptr;
  SMLoc end = begin;
  if (expression == nullptr) {
    if (getParser().parseExpression(expression, end)) return true;
    std::int64_t known = 0;
    if (expression->evaluateAsAbsolute(known, streamer_.getAssemblerPtr())) value = known;
  }
  if (any_operands_ && value && (mnemonic.startswith("br") || mnemonic == "call"))
    *value &= mnemonic == "call" ? 0xFFFFF : 0x7FFFF;  // the range check is off: what fits the field is kept
  operands.push_back(Operand::number(expression, value, begin, end));
  return false;
}

// $CSR, and sym@abs19@s2: the lexer takes the whole for one name.
bool ColossusAsmParser::parsePrimaryExpr(const MCExpr*& result, SMLoc& end) {
  if (getTok().is(AsmToken::Identifier)) {
    if (find_register(getTok().getString()) != 0)
      return Error(getTok().getLoc(), "a register cannot be part of an expression");
    result = nullptr;
    if (parse_csr(result, end)) return true;
    if (result != nullptr) return false;
    const auto [name, variant] = getTok().getString().split('@');
    if (!variant.empty()) {
      MCSymbol* symbol = getContext().getOrCreateSymbol(name);
      const MCExpr* expression = MCSymbolRefExpr::create(symbol, getContext());
      result = create_variant(variant, expression, getContext());
      if (result == nullptr) return Error(getTok().getLoc(), "unknown symbol variant '@" + variant + "'");
      end = getTok().getEndLoc();
      Lex();
      return false;
    }
  }
  return getParser().parsePrimaryExpr(result, end, nullptr);
}

}  // namespace llvm::Colossus
