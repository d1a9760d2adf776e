#include "asm_parser_impl.hpp"

namespace llvm::Colossus {

using ipusim::isa::Mode;

bool ColossusAsmParser::ParseDirective(AsmToken directive) {
  if (guard_.refuses(directive)) return true;
  const StringRef name = directive.getString();
  if (name == ".worker") return set_mode(Mode::worker);
  if (name == ".supervisor") return set_mode(Mode::supervisor);
  if (name == ".allow_invalid_execution_mode") return set_flag(any_mode_, true);
  if (name == ".error_on_invalid_execution_mode") return set_flag(any_mode_, false);
  if (name == ".allow_invalid_operands") return set_flag(any_operands_, true);
  if (name == ".error_on_invalid_operands") return set_flag(any_operands_, false);
  if (name == ".warn_on_invalid_bundles") return set_flag(bundles_warn_, true);
  if (name == ".error_on_invalid_bundles") return set_flag(bundles_warn_, false);
  if (name == ".allow_invalid_repeat") return set_flag(check_repeat_, false);
  if (name == ".allow_optimizations") return set_flag(may_rearrange_, true);
  if (name == ".half") {
    parse_half_directive(directive.getLoc());
    return false;
  }
  return true;  // not the target's
}

bool ColossusAsmParser::set_flag(bool& flag, bool value) {
  if (!parseToken(AsmToken::EndOfStatement, "unexpected token: this directive has no arguments")) {
    flag = value;
    update_features();
  }
  return false;
}

bool ColossusAsmParser::set_mode(Mode mode) {
  if (!parseToken(AsmToken::EndOfStatement, "unexpected token: this directive has no arguments")) {
    mode_ = mode;
    update_features();
  }
  return false;
}

void ColossusAsmParser::update_features() {
  MCSubtargetInfo& subtarget = copySTI();
  FeatureBitset bits = subtarget.getFeatureBits();
  bits.reset(FeatureWorker).reset(FeatureSupervisor);
  if (any_mode_)
    bits.set(FeatureWorker).set(FeatureSupervisor);
  else
    bits.set(mode_feature(mode_));
  subtarget.setFeatureBits(bits);
  setAvailableFeatures(ComputeAvailableFeatures(bits));
}

// .half 1.0h, 42, symbol
bool ColossusAsmParser::parse_half_directive(SMLoc) {
  return parseMany([&]() -> bool {
    std::optional<std::int64_t> value;
    const SMLoc location = getTok().getLoc();
    if (parse_half(value)) return true;
    const MCExpr* expression = value ? MCConstantExpr::create(*value, getContext()) : nullptr;
    if (expression == nullptr && getParser().parseExpression(expression)) return true;
    const auto* constant = dyn_cast<MCConstantExpr>(expression);
    if (constant != nullptr && !isUIntN(16, static_cast<std::uint64_t>(constant->getValue())) &&
        !isIntN(16, constant->getValue()))
      return Error(location, "out of range literal value");
    streamer_.emitValue(expression, 2, location);
    return false;
  });
}

}  // namespace llvm::Colossus
