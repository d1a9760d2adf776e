// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <system_error>

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
  if (name.equals_insensitive(".include") || name.equals_insensitive(".incbin")) return !file_is_elsewhere();
  return true;  // not the target's
}

// .include and .incbin are LLVM's, which takes a file of the working folder before all others. Whether it
// would be the wrong one here, with a complaint then.
bool ColossusAsmParser::file_is_elsewhere() {
  const AsmToken token = getTok();
  if (!settings_.ignore_working_folder || token.isNot(AsmToken::String)) return false;
  const std::filesystem::path name = token.getStringContents().str();
  std::error_code ignored;
  if (name.is_absolute() || !std::filesystem::exists(name, ignored)) return false;
  for (const std::string& folder : settings_.file_folders) {
    const auto file = folder / name;
    if (!std::filesystem::exists(file, ignored)) continue;
    if (std::filesystem::equivalent(file, name, ignored)) return false;
    return Error(token.getLoc(), "there is a '" + name.string() +
                                     "' in the working folder, which would hide " + file.string() +
                                     ": give the path from the root");
  }
  return Error(token.getLoc(),
               "'" + name.string() +
                   "' is found in the working folder only: put it beside the source, or its folder "
                   "among include_dirs");
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
