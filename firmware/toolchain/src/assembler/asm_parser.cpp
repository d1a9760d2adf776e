// SPDX-License-Identifier: Apache-2.0
#include "asm_parser.hpp"

#include <fmt/format.h>

#include <map>

#include "asm_parser_impl.hpp"
#include "llvm/MC/MCSection.h"

namespace llvm::Colossus {
namespace {

Operand& operand_of(const OperandVector& operands, std::size_t index) {
  return static_cast<Operand&>(*operands[index]);
}

// Operands of a plain load or store (`data, base, delta, offset`, or `data, base, offset` for those without a
// delta), which has no post-modify suffix; 0: the mnemonic is none.
std::size_t plain_access_operands(StringRef mnemonic) {
  constexpr std::size_t without_delta = 3;
  static const std::map<std::string, std::size_t, std::less<>> counts = [] {
    std::map<std::string, std::size_t, std::less<>> result;
    for (const auto& instruction : ipusim::isa::all_instructions()) {
      bool plain = (instruction.load || instruction.store) && instruction.operands.size() >= without_delta;
      for (const auto& operand : instruction.operands) plain &= operand.post == ipusim::isa::PostModify::none;
      if (plain) result.emplace(instruction.mnemonic, instruction.operands.size());
    }
    return result;
  }();
  const auto found = counts.find(std::string_view(mnemonic.data(), mnemonic.size()));
  return found == counts.end() ? 0 : found->second;
}

// How an operand of this class is written, for messages.
std::string describe(const ipusim::isa::Operand& operand) {
  using enum ipusim::isa::OperandClass;
  switch (operand.cls) {
    case MR:
      return "$m";
    case MRPair:
      return "$m:m";
    case AR:
      return "$a";
    case ARPair:
      return "$a:a+1";
    case ARQuad:
      return "$a:a+3";
    case BroadcastLower:
      return "$a:BL";
    case BroadcastUpper:
      return "$a:BU";
    case Broadcast:
      return "$a:B";
    case signed_immediate:
      return fmt::format("signed {}-bit", operand.width);
    case high_immediate:
      return "value with low 20 bits zero";
    case rel8:
    case rel16:
    case rel20:
      return fmt::format("{}-bit or symbol", operand.width);
    case rel19s2:
      return "word number or label";
    case run:
      return "word offset or label";
    default:
      return fmt::format("unsigned {}-bit", operand.width);
  }
}

std::string forms_of(StringRef mnemonic) {
  std::string forms;
  for (const auto& instruction : ipusim::isa::all_instructions())
    if (instruction.mnemonic == std::string_view(mnemonic.data(), mnemonic.size())) {
      std::string form(instruction.assembly);
      for (const auto& operand : instruction.operands) {
        const std::string name = fmt::format("${}", operand.name);
        if (const auto at = form.find(name); at != std::string::npos)
          form.replace(at, name.size(), describe(operand));
      }
      forms += (forms.empty() ? "" : "; ") + form;
    }
  return forms;
}

// setzi $a13, 0: there is no $a13 (assembler_and_abi facts, 1.7).
bool is_fnop(const MCInst& inst) {
  return inst.getOpcode() == setzi_aaan_zi && inst.getOperand(0).getReg() == A13 &&
         inst.getOperand(1).isImm() && inst.getOperand(1).getImm() == 0;
}

constexpr std::uint64_t bundle_bytes = 8;

using ColossusOperand = Operand;  // the name the tables use

}  // namespace

#define GET_SUBTARGET_FEATURE_NAME
#define GET_REGISTER_MATCHER
#define GET_MATCHER_IMPLEMENTATION
#define GET_MNEMONIC_SPELL_CHECKER
#include "ColossusGenAsmMatcher.inc"

ColossusAsmParser::ColossusAsmParser(const MCSubtargetInfo& subtarget, const ParserSettings& settings,
                                     MCAsmParser& parser, const MCInstrInfo& instructions,
                                     const MCTargetOptions& options, ObjectStreamer& streamer)
    : MCTargetAsmParser(options, subtarget, instructions),
      subtarget_(subtarget),
      instructions_(instructions),
      streamer_(streamer),
      settings_(settings),
      mode_(settings.mode),
      guard_(parser, streamer.largest_repeat()),
      arch_(ipusim::isa::parse_arch(subtarget.getCPU()).value()) {
  MCAsmParserExtension::Initialize(parser);
  update_features();
}

bool ColossusAsmParser::MatchAndEmitInstruction(SMLoc, unsigned& opcode, OperandVector& operands, MCStreamer&,
                                                std::uint64_t&, bool) {
  const bool closes = std::exchange(closes_bundle_, false);
  bool failed = false;
  if (!operands.empty()) {
    const SMLoc begin = operands[0]->getStartLoc();
    if (operand_of(operands, 0).getToken() == "ldconst") {
      failed = expand_ldconst(begin, operands);
    } else {
      MCInst inst;
      failed = rewrite(operands) || match(begin, operands, inst);
      opcode = inst.getOpcode();
      if (!failed) emit(inst);
    }
  }
  if (failed) bundle_.spoil();
  if (closes) failed |= close_bundle(close_location_);
  return failed;
}

bool ColossusAsmParser::match(SMLoc location, OperandVector& operands, MCInst& inst) {
  std::uint64_t error_info = 0;
  FeatureBitset missing;
  const unsigned result = MatchInstructionImpl(operands, inst, error_info, missing, false);
  if (result != Match_Success) return explain_mismatch(location, operands, result, error_info, missing);
  inst.setLoc(location);
  check_csrs(inst);
  return false;
}

bool ColossusAsmParser::explain_mismatch(SMLoc location, const OperandVector& operands, unsigned result,
                                         std::uint64_t error_info, const FeatureBitset& missing) {
  const StringRef mnemonic = operand_of(operands, 0).getToken();
  if (result == Match_MnemonicFail) {
    const auto suggestion = ColossusMnemonicSpellCheck(mnemonic, getAvailableFeatures(), 0);
    return Error(location, "invalid instruction '" + mnemonic + "'" + suggestion);
  }
  if (result == Match_MissingFeature) {
    std::string needs;
    for (unsigned bit = 0; bit < missing.size(); ++bit)
      if (missing[bit]) needs += (needs.empty() ? "" : " and ") + std::string(getSubtargetFeatureName(bit));
    return Error(location, "instruction requires: " + needs);
  }
  SMLoc place = location;
  std::string message = "invalid operand for instruction";
  if (error_info != ~0ULL) {
    if (error_info >= operands.size())
      message = "too few operands for instruction";
    else
      place = operands[error_info]->getStartLoc();
    if (error_info < operands.size() && operand_of(operands, error_info).isImm() &&
        !operand_of(operands, error_info).value())
      message += ": its value is not known at this point";
  }
  const std::string forms = forms_of(mnemonic);
  if (!forms.empty()) message += "; forms: " + forms;
  return Error(place, message);
}

// Forms that stand for another spelling of the same operation.
bool ColossusAsmParser::rewrite(OperandVector& operands) {
  const StringRef mnemonic = operand_of(operands, 0).getToken();
  if (mnemonic == "sub" && operands.size() == 4 && operand_of(operands, 2).isReg() &&
      operand_of(operands, 3).isImm()) {
    const Operand& number = operand_of(operands, 3);
    if (!number.value() || *number.value() > INT16_MAX || *number.value() < INT16_MIN)
      return Error(number.getStartLoc(), "invalid operand for instruction");
    if (*number.value() == INT16_MIN) return Error(number.getStartLoc(), "immediate is out of range");
    const std::int64_t negated = -*number.value();
    operands[0] = Operand::token("adds", operands[0]->getStartLoc());
    operands[3] = Operand::number(MCConstantExpr::create(negated, getContext()), negated,
                                  number.getStartLoc(), number.getEndLoc());
    return false;
  }
  rewrite_address(operands);
  return false;
}

// The delta of a plain load or store may be left out. A register of the A file in its address stands for the
// one of that number in the M file: the field holds a number only, and $azero is zero in either.
void ColossusAsmParser::rewrite_address(OperandVector& operands) {
  constexpr std::size_t base = 2;  // after mnemonic and data
  const std::size_t count = plain_access_operands(operand_of(operands, 0).getToken());
  if (count == 0) return;
  for (const auto& operand : drop_begin(operands))
    if (static_cast<Operand&>(*operand).isToken()) return;
  for (std::size_t i = base; i < operands.size(); ++i) {
    const Operand& operand = operand_of(operands, i);
    if (!operand.isReg() || operand.getReg() < A0 || operand.getReg() > A15) continue;
    const unsigned number = operand.getReg() - A0;
    if (operand.getReg() != A15)
      Warning(operand.getStartLoc(), "$a" + Twine(number) + " in an address stands for $m" + Twine(number));
    operands[i] = Operand::reg(M0 + number, BroadcastKind::none, operand.getStartLoc(), operand.getEndLoc());
  }
  constexpr std::size_t with_delta = 4;
  if (count != with_delta || operands.size() != with_delta) return;
  const SMLoc location = operands[base + 1]->getStartLoc();
  operands.insert(operands.begin() + base + 1, Operand::reg(M15, BroadcastKind::none, location, location));
}

// setzi of the low 20 bits, then `or` of the high 12 if there are any.
bool ColossusAsmParser::expand_ldconst(SMLoc location, OperandVector& operands) {
  if (bundle_.is_open()) return Error(location, "macro instruction in bundle");
  if (operands.size() != 3 || !operand_of(operands, 1).isReg())
    return Error(location, "invalid operand for instruction; forms: ldconst MR|AR, imm32");
  const Operand& number = operand_of(operands, 2);
  if (!number.value()) return Error(number.getStartLoc(), "operand must be an immediate");
  if (*number.value() > UINT32_MAX || *number.value() < INT32_MIN)
    return Error(number.getStartLoc(), "immediate is too large");
  const unsigned reg = operand_of(operands, 1).getReg();
  const bool is_m = reg >= M0 && reg <= M15;
  if (!is_m && !(reg >= A0 && reg <= A15))
    return Error(operands[1]->getStartLoc(), "invalid operand for instruction");
  if (!is_m && mode_ == ipusim::isa::Mode::supervisor && !any_mode_)
    return Error(location, "instruction requires: Worker mode");
  const auto value = static_cast<std::uint32_t>(*number.value());
  MCInst inst;
  inst.setLoc(location);
  inst.setOpcode(is_m ? setzi_mmmn_zi : setzi_aaan_zi);
  inst.addOperand(MCOperand::createReg(reg));
  inst.addOperand(MCOperand::createImm(value & 0xFFFFFU));
  emit(inst);
  if (value >> 20U == 0) return false;
  inst.clear();
  inst.setOpcode(is_m ? or_mmmn_iz : or_aaan_iz);
  inst.addOperand(MCOperand::createReg(reg));
  inst.addOperand(MCOperand::createReg(reg));
  inst.addOperand(MCOperand::createImm(value & 0xFFF00000U));
  emit(inst);
  return false;
}

void ColossusAsmParser::emit(MCInst inst) {
  if (bundle_.is_open()) return bundle_.add(inst, getContext().getCurrentDwarfLoc());
  const MCExpr* repeat = repeat_size(inst);
  align_section(repeat != nullptr || inst.getOpcode() == sendpicp);
  streamer_.emit_unit(inst, repeat, check_repeat_, subtarget_);
}

// The size operand of a rpt; nullptr for any other instruction.
const MCExpr* ColossusAsmParser::repeat_size(const MCInst& inst) {
  if (inst.getOpcode() != rpt_mmmn_zi && inst.getOpcode() != rpt_mmmn_zi_zi) return nullptr;
  const MCOperand& size = inst.getOperand(1);
  return size.isImm() ? MCConstantExpr::create(size.getImm(), getContext()) : size.getExpr();
}

// Instructions and bundles lie at any multiple of 4, bodies of rpt and two-word instructions at multiples
// of 8.
void ColossusAsmParser::align_section(bool to_rows) {
  MCSection& section = *streamer_.getCurrentSectionOnly();
  section.setAlignment(Align(std::max(section.getAlignment(), to_rows ? 8U : 4U)));
}

bool ColossusAsmParser::complain_about_bundle(SMLoc location, const Twine& message) {
  if (!bundles_warn_) return Error(location, message);
  Warning(location, message);
  return false;
}

bool ColossusAsmParser::close_bundle(SMLoc location) {
  bool failed = false;
  for (const auto& fault :
       bundle_.close(location, instructions_, *getContext().getRegisterInfo(), may_rearrange_))
    failed |= complain_about_bundle(fault.location, fault.message);
  if (failed || bundle_.insts().empty()) return failed;
  if (bundle_.insts().size() != 2) {
    for (const MCInst& inst : bundle_.insts()) emit(inst);
    return false;
  }
  if (const auto& line = bundle_.line(); line && getContext().getGenDwarfForAssembly())
    streamer_.emitDwarfLocDirective(line->getFileNum(), line->getLine(), line->getColumn(), line->getFlags(),
                                    line->getIsa(), line->getDiscriminator(), StringRef());
  const MCExpr* repeat = repeat_size(bundle_.insts()[0]);
  align_section(repeat != nullptr);
  if (may_rearrange_ && repeat != nullptr && is_fnop(bundle_.insts()[1]) &&
      streamer_.position_modulo(bundle_bytes) == bundle_bytes / 2) {
    // Alone it is half as long, and its body lies at a multiple of 8.
    MCInst lone = bundle_.insts()[0];
    lone.setFlags(lone.getFlags() & ~inst_in_bundle);
    streamer_.emit_unit(lone, repeat, check_repeat_, subtarget_);
    return false;
  }
  streamer_.emit_unit(bundle_.insts(), repeat, check_repeat_, subtarget_);
  return false;
}

void ColossusAsmParser::onLabelParsed(MCSymbol* symbol) {
  if (bundle_.is_open())
    Error(getLexer().getLoc(), "label '" + symbol->getName() + "' within instruction bundle");
}

void ColossusAsmParser::onEndOfFile() {
  if (bundle_.is_open()) Error(bundle_.start(), "instruction bundle without end");
}

std::unique_ptr<MCTargetAsmParser> create_asm_parser(const MCSubtargetInfo& subtarget,
                                                     const ParserSettings& settings, MCAsmParser& parser,
                                                     const MCInstrInfo& instructions,
                                                     const MCTargetOptions& options,
                                                     ObjectStreamer& streamer) {
  return std::make_unique<ColossusAsmParser>(subtarget, settings, parser, instructions, options, streamer);
}

}  // namespace llvm::Colossus
