// SPDX-License-Identifier: Apache-2.0
#include "bundle.hpp"

#include "llvm/ADT/SmallSet.h"

namespace llvm::Colossus {
namespace {

std::vector<unsigned> written_registers(const MCInst& inst, const MCInstrInfo& instructions) {
  std::vector<unsigned> registers;
  for (unsigned i = 0; i < instructions.get(inst.getOpcode()).getNumDefs(); ++i)
    registers.push_back(inst.getOperand(i).getReg());
  return registers;
}

bool overlap(unsigned a, unsigned b, const MCRegisterInfo& registers) {
  for (MCRegUnitIterator first(a, &registers); first.isValid(); ++first)
    for (MCRegUnitIterator second(b, &registers); second.isValid(); ++second)
      if (*first == *second) return true;
  return false;
}

bool write_the_same(const MCInst& a, const MCInst& b, const MCInstrInfo& instructions,
                    const MCRegisterInfo& registers) {
  for (const unsigned first : written_registers(a, instructions))
    for (const unsigned second : written_registers(b, instructions))
      if (overlap(first, second, registers)) return true;
  return false;
}

}  // namespace

std::vector<Bundle::Fault> Bundle::close(SMLoc end, const MCInstrInfo& instructions,
                                         const MCRegisterInfo& registers, bool swap) {
  open_ = false;
  if (spoiled_) insts_.clear();
  if (spoiled_) return {};
  if (insts_.empty()) return {{end, "empty instruction bundle"}};
  if (insts_.size() == 1) return {{end, "too few instructions in bundle"}};
  if (insts_.size() > 2) return {{insts_[2].getLoc(), "too many instructions in bundle"}};
  const auto flags = [&](const MCInst& inst) { return instructions.get(inst.getOpcode()).TSFlags; };
  if (swap && (flags(insts_[0]) & flag_aux) != 0 && (flags(insts_[1]) & flag_aux) == 0)
    std::swap(insts_[0], insts_[1]);
  std::vector<Fault> faults;
  for (unsigned half = 0; half < 2; ++half) {
    MCInst& inst = insts_[half];
    if ((flags(inst) & flag_coissue) == 0)
      faults.push_back({inst.getLoc(), "instruction within bundle cannot be dual issued"});
    else if (((flags(inst) & flag_aux) != 0) != (half == 1))
      faults.push_back(
          {inst.getLoc(), half == 0 ? "invalid instruction in bundle: the first half must be a main-lane "
                                      "instruction"
                                    : "invalid instruction in bundle: the second half must be an "
                                      "auxiliary-lane instruction"});
    inst.setFlags(inst_in_bundle);
  }
  if (faults.empty() && write_the_same(insts_[0], insts_[1], instructions, registers))
    faults.push_back({insts_[1].getLoc(), "bundle instructions cannot write to the same operand"});
  return faults;
}

}  // namespace llvm::Colossus
