// SPDX-License-Identifier: Apache-2.0
#include "llvm/MC/MCCodeEmitter.h"

#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/EndianStream.h"
#include "target_info.hpp"

namespace llvm {
namespace {

using namespace Colossus;  // Fixup, for the generated code

class ColossusMCCodeEmitter : public MCCodeEmitter {
 public:
  ColossusMCCodeEmitter(const MCInstrInfo& instructions, MCContext& context)
      : instructions_(instructions), context_(context) {}

  void encodeInstruction(const MCInst& inst, raw_ostream& stream, SmallVectorImpl<MCFixup>& fixups,
                         const MCSubtargetInfo& subtarget) const override {
    std::uint64_t bits = getBinaryCodeForInstr(inst, fixups, subtarget);
    if ((inst.getFlags() & inst_in_bundle) != 0) bits |= coissue_bit;
    support::endian::Writer writer(stream, support::little);
    writer.write<std::uint32_t>(static_cast<std::uint32_t>(bits));
    if (instructions_.get(inst.getOpcode()).getSize() == 8)
      writer.write<std::uint32_t>(static_cast<std::uint32_t>(bits >> 32U));
  }

 private:
  std::uint64_t getBinaryCodeForInstr(const MCInst& inst, SmallVectorImpl<MCFixup>& fixups,
                                      const MCSubtargetInfo& subtarget) const;

  std::uint64_t getMachineOpValue(const MCInst&, const MCOperand& operand, SmallVectorImpl<MCFixup>&,
                                  const MCSubtargetInfo&) const {
    if (operand.isReg()) return context_.getRegisterInfo()->getEncodingValue(operand.getReg());
    return static_cast<std::uint64_t>(operand.getImm());
  }
  std::uint64_t encodeNumber(const MCInst& inst, unsigned index, SmallVectorImpl<MCFixup>&,
                             const MCSubtargetInfo&) const {
    return static_cast<std::uint64_t>(inst.getOperand(index).getImm());
  }
  std::uint64_t encodeHigh12(const MCInst& inst, unsigned index, SmallVectorImpl<MCFixup>&,
                             const MCSubtargetInfo&) const {
    return (static_cast<std::uint64_t>(inst.getOperand(index).getImm()) >> 20U) & 0xFFFU;
  }
  template <unsigned kind>
  std::uint64_t encodeSymbolic(const MCInst& inst, unsigned index, SmallVectorImpl<MCFixup>& fixups,
                               const MCSubtargetInfo&) const {
    const MCOperand& operand = inst.getOperand(index);
    if (operand.isImm()) return static_cast<std::uint64_t>(operand.getImm());
    fixups.push_back(MCFixup::create(0, operand.getExpr(), static_cast<MCFixupKind>(kind), inst.getLoc()));
    return 0;
  }

  const MCInstrInfo& instructions_;
  MCContext& context_;
};

#include "ColossusGenMCCodeEmitter.inc"

}  // namespace

std::unique_ptr<MCCodeEmitter> Colossus::create_code_emitter(const MCInstrInfo& instructions,
                                                             MCContext& context) {
  return std::make_unique<ColossusMCCodeEmitter>(instructions, context);
}

}  // namespace llvm
