#include "asm_parser.hpp"

#include <fmt/format.h>

#include <set>

#include "asm_parser_impl.hpp"
#include "llvm/MC/MCSection.h"

namespace llvm::Colossus {
namespace {

Operand& operand_of(const OperandVector& operands, std::size_t index) {
  return static_cast<Operand&>(*operands[index]);
}

// Mnemonics of plain loads and stores whose address is base + delta + offset: the delta may be left out.
bool takes_delta(StringRef mnemonic) {
  static const std::set<std::string, std::less<>> names = [] {
    std::set<std::string, std::less<>> result;
    for (const auto& instruction : ipusim::isa::all_instructions()) {
      bool plain = (instruction.load || instruction.store) && instruction.operands.size() == 4;
      for (const auto& operand : instruction.operands) plain &= operand.post == ipusim::isa::PostModify::none;
      if (plain) result.insert(std::string(instruction.mnemonic));
    }
    return result;
  }();
  return names.contains(std::string_view(mnemonic.data(), mnemonic.size()));
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

using ColossusOperand = Operand;  // the name the tables use

}  // namespace

#define GET_SUBTARGET_FEATURE_NAME
#define GET_REGISTER_MATCHER
#define GET_MATCHER_IMPLEMENTATION
#define GET_MNEMONIC_SPELL_CHECKER
#include "ColossusGenAsmMatcher.inc"

ColossusAsmParser::ColossusAsmParser(const MCSubtargetInfo& subtarget, ipusim::isa::Mode mode,
                                     MCAsmParser& parser, const MCInstrInfo& instructions,
                                     const MCTargetOptions& options, ObjectStreamer& streamer)
    : MCTargetAsmParser(options, subtarget, instructions),
      instructions_(instructions),
      streamer_(streamer),
      mode_(mode),
      guard_(parser, streamer.largest_repeat()) {
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
  if (operands.size() == 4 && takes_delta(mnemonic)) {
    for (const auto& operand : drop_begin(operands))
      if (static_cast<Operand&>(*operand).isToken()) return false;
    const SMLoc location = operands[3]->getStartLoc();
    operands.insert(operands.begin() + 3, Operand::reg(M15, BroadcastKind::none, location, location));
  }
  return false;
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
  const MCExpr* repeat = nullptr;
  if (inst.getOpcode() == rpt_mmmn_zi || inst.getOpcode() == rpt_mmmn_zi_zi) {
    const MCOperand& size = inst.getOperand(1);
    repeat = size.isImm() ? MCConstantExpr::create(size.getImm(), getContext()) : size.getExpr();
  }
  if (repeat != nullptr || inst.getOpcode() == sendpicp) align_section_to_rows();
  streamer_.emit_unit(inst, repeat, check_repeat_, getSTI());
}

// For what lies at multiples of 8: the bodies of rpt, and two-word instructions. Bundles lie at any multiple of 4.
void ColossusAsmParser::align_section_to_rows() {
  MCSection& section = *streamer_.getCurrentSectionOnly();
  section.setAlignment(Align(std::max(section.getAlignment(), 8U)));
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
  const MCExpr* repeat = nullptr;
  const MCInst& main = bundle_.insts()[0];
  if (main.getOpcode() == rpt_mmmn_zi || main.getOpcode() == rpt_mmmn_zi_zi) {
    const MCOperand& size = main.getOperand(1);
    repeat = size.isImm() ? MCConstantExpr::create(size.getImm(), getContext()) : size.getExpr();
  }
  if (repeat != nullptr) align_section_to_rows();
  streamer_.emit_unit(bundle_.insts(), repeat, check_repeat_, getSTI());
  return false;
}

void ColossusAsmParser::onLabelParsed(MCSymbol* symbol) {
  if (bundle_.is_open())
    Error(getLexer().getLoc(), "label '" + symbol->getName() + "' within instruction bundle");
}

void ColossusAsmParser::onEndOfFile() {
  if (bundle_.is_open()) Error(bundle_.start(), "instruction bundle without end");
}

std::unique_ptr<MCTargetAsmParser> create_asm_parser(const MCSubtargetInfo& subtarget, ipusim::isa::Mode mode,
                                                     MCAsmParser& parser, const MCInstrInfo& instructions,
                                                     const MCTargetOptions& options,
                                                     ObjectStreamer& streamer) {
  return std::make_unique<ColossusAsmParser>(subtarget, mode, parser, instructions, options, streamer);
}

}  // namespace llvm::Colossus
