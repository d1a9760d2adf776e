// SPDX-License-Identifier: Apache-2.0
// One parsed operand, or a token such as the mnemonic or a post-modify suffix.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "../target/target_info.hpp"
#include "llvm/ADT/StringRef.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCParser/MCParsedAsmOperand.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace llvm::Colossus {

enum class BroadcastKind : unsigned char { none, both, lower, upper };

class Operand : public MCParsedAsmOperand {
 public:
  static std::unique_ptr<Operand> token(StringRef text, SMLoc location) {
    auto operand = std::make_unique<Operand>(location, location);
    operand->token_ = text.str();
    return operand;
  }
  static std::unique_ptr<Operand> reg(unsigned number, BroadcastKind broadcast, SMLoc begin, SMLoc end) {
    auto operand = std::make_unique<Operand>(begin, end);
    operand->reg_ = number;
    operand->broadcast_ = broadcast;
    return operand;
  }
  // value: the expression's, if it is known already.
  static std::unique_ptr<Operand> number(const MCExpr* expression, std::optional<std::int64_t> value,
                                         SMLoc begin, SMLoc end) {
    auto operand = std::make_unique<Operand>(begin, end);
    operand->expression_ = expression;
    operand->value_ = value;
    return operand;
  }

  Operand(SMLoc begin, SMLoc end) : begin_(begin), end_(end) {}

  bool isToken() const override { return !token_.empty(); }
  bool isImm() const override { return expression_ != nullptr; }
  bool isReg() const override { return reg_ != 0 && broadcast_ == BroadcastKind::none; }
  bool isMem() const override { return false; }
  unsigned getReg() const override { return reg_; }
  SMLoc getStartLoc() const override { return begin_; }
  SMLoc getEndLoc() const override { return end_; }
  StringRef getToken() const { return token_; }
  std::optional<std::int64_t> value() const { return value_; }
  const MCExpr* expression() const { return expression_; }

  // --- predicates named in ColossusOperands.td
  // B and BL are the same bits, and no mnemonic has both.
  bool isBroadcastB() const {
    return broadcast_ == BroadcastKind::both || broadcast_ == BroadcastKind::lower;
  }
  bool isBroadcastBL() const { return isBroadcastB(); }
  bool isBroadcastBU() const { return broadcast_ == BroadcastKind::upper; }
  template <unsigned bits>
  bool isSigned() const {
    return value_ && isInt<bits>(*value_);
  }
  template <unsigned bits>
  bool isUnsigned() const {
    return value_ && isUInt<bits>(static_cast<std::uint64_t>(*value_));
  }
  // The whole 32-bit value, whose low 20 bits are zero.
  bool isHigh12() const {
    return value_ && *value_ >= INT32_MIN && *value_ <= UINT32_MAX && (*value_ & 0xFFFFF) == 0;
  }
  template <unsigned bits>
  bool isSymbolic() const {
    return expression_ != nullptr && (!value_ || isUInt<bits>(static_cast<std::uint64_t>(*value_)));
  }

  // --- render methods
  void addRegOperands(MCInst& inst, unsigned) const { inst.addOperand(MCOperand::createReg(reg_)); }
  void addNumberOperands(MCInst& inst, unsigned) const {
    inst.addOperand(value_ ? MCOperand::createImm(*value_) : MCOperand::createExpr(expression_));
  }

  void print(raw_ostream& stream) const override {
    if (isToken())
      stream << '\'' << token_ << '\'';
    else if (expression_ != nullptr)
      expression_->print(stream, nullptr);
    else
      stream << "register " << reg_;
  }

 private:
  SMLoc begin_, end_;
  std::string token_;
  unsigned reg_ = 0;
  BroadcastKind broadcast_ = BroadcastKind::none;
  const MCExpr* expression_ = nullptr;
  std::optional<std::int64_t> value_;
};

}  // namespace llvm::Colossus
