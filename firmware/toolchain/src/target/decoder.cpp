// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCFixedLenDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "target_info.hpp"

namespace llvm {

using DecodeStatus = MCDisassembler::DecodeStatus;

// Field -> register: the number of the lowest register of a group of `size`.
template <std::size_t count>
static DecodeStatus decode_register(MCInst& inst, std::uint64_t field,
                                    const std::array<unsigned, count>& registers, unsigned size) {
  if (field % size != 0 || field / size >= count) return MCDisassembler::Fail;
  inst.addOperand(MCOperand::createReg(registers.at(field / size)));
  return MCDisassembler::Success;
}
template <std::size_t count>
static constexpr std::array<unsigned, count> numbered(unsigned first) {
  std::array<unsigned, count> registers{};
  for (unsigned i = 0; i < count; ++i) registers.at(i) = first + i;
  return registers;
}
// Register enumerators are in alphabetical order of their names, natural for numbers: M0, M1, ..., M15.
static DecodeStatus DecodeMRegsRegisterClass(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  static_assert(Colossus::M15 == Colossus::M0 + 15);
  return decode_register(inst, field, numbered<16>(Colossus::M0), 1);
}
static DecodeStatus DecodeARegsRegisterClass(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  static_assert(Colossus::A15 == Colossus::A0 + 15);
  return decode_register(inst, field, numbered<16>(Colossus::A0), 1);
}
static DecodeStatus DecodeMPairsRegisterClass(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  static_assert(Colossus::MP7 == Colossus::MP0 + 7);
  return decode_register(inst, field, numbered<8>(Colossus::MP0), 2);
}
static DecodeStatus DecodeAPairsRegisterClass(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  static_assert(Colossus::AP7 == Colossus::AP0 + 7);
  return decode_register(inst, field, numbered<8>(Colossus::AP0), 2);
}
static DecodeStatus DecodeAQuadsRegisterClass(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  static_assert(Colossus::AQ3 == Colossus::AQ0 + 3);
  return decode_register(inst, field, numbered<4>(Colossus::AQ0), 4);
}

template <unsigned bits>
static DecodeStatus decodeSigned(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  inst.addOperand(MCOperand::createImm(SignExtend64<bits>(field)));
  return MCDisassembler::Success;
}
static DecodeStatus decodeHigh12(MCInst& inst, std::uint64_t field, std::uint64_t, const void*) {
  inst.addOperand(MCOperand::createImm(static_cast<std::int64_t>(field << 20U)));
  return MCDisassembler::Success;
}

}  // namespace llvm

#include "ColossusGenDisassemblerTables.inc"

namespace llvm {
namespace {

class ColossusDisassembler : public MCDisassembler {
 public:
  ColossusDisassembler(const MCSubtargetInfo& subtarget, MCContext& context, const MCInstrInfo& instructions)
      : MCDisassembler(subtarget, context), instructions_(instructions) {}

  // One instruction; half of a bundle has inst_in_bundle set in its flags, and its size is its word's.
  DecodeStatus getInstruction(MCInst& inst, std::uint64_t& size, ArrayRef<std::uint8_t> bytes,
                              std::uint64_t address, raw_ostream&) const override {
    size = 4;
    if (bytes.size() < 4) {
      size = bytes.size();
      return MCDisassembler::Fail;
    }
    const std::uint32_t word = support::endian::read32le(bytes.data());
    if (bytes.size() >= 8 && STI.getFeatureBits()[Colossus::FeatureSupervisor]) {
      const std::uint64_t both = word | std::uint64_t{support::endian::read32le(bytes.data() + 4)} << 32U;
      if (decodeInstruction(DecoderTableTwoWords64, inst, both, address, this, STI) ==
          MCDisassembler::Success) {
        size = 8;
        return MCDisassembler::Success;
      }
      inst.clear();
    }
    const bool coissued = (word & Colossus::coissue_bit) != 0;
    const auto status =
        decodeInstruction(DecoderTableOneWord32, inst, word & ~Colossus::coissue_bit, address, this, STI);
    if (status != MCDisassembler::Success || !coissued) return status;
    if ((instructions_.get(inst.getOpcode()).TSFlags & Colossus::flag_coissue) == 0)
      return MCDisassembler::Fail;
    inst.setFlags(Colossus::inst_in_bundle);
    return status;
  }

 private:
  const MCInstrInfo& instructions_;
};

}  // namespace

std::unique_ptr<MCDisassembler> Colossus::create_disassembler(const MCSubtargetInfo& subtarget,
                                                              MCContext& context,
                                                              const MCInstrInfo& instructions) {
  return std::make_unique<ColossusDisassembler>(subtarget, context, instructions);
}

}  // namespace llvm
