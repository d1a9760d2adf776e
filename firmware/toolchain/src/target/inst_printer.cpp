// SPDX-License-Identifier: Apache-2.0
#include "llvm/MC/MCInstPrinter.h"

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/raw_ostream.h"
#include "target_info.hpp"

namespace llvm {
namespace {

class ColossusInstPrinter : public MCInstPrinter {
 public:
  using MCInstPrinter::MCInstPrinter;

  std::pair<const char*, std::uint64_t> getMnemonic(const MCInst* inst) override;
  void printInst(const MCInst* inst, std::uint64_t address, StringRef annotation, const MCSubtargetInfo&,
                 raw_ostream& stream) override {
    if (!printAliasInstr(inst, address, stream)) printInstruction(inst, address, stream);
    printAnnotation(stream, annotation);
  }
  void printRegName(raw_ostream& stream, unsigned reg) const override {
    stream << '$' << getRegisterName(reg);
  }

 private:
  void printInstruction(const MCInst* inst, std::uint64_t address, raw_ostream& stream);
  bool printAliasInstr(const MCInst* inst, std::uint64_t address, raw_ostream& stream);
  void printCustomAliasOperand(const MCInst* inst, std::uint64_t address, unsigned index, unsigned method,
                               raw_ostream& stream);
  static const char* getRegisterName(unsigned reg);

  void printOperand(const MCInst* inst, unsigned index, raw_ostream& stream) {
    const MCOperand& operand = inst->getOperand(index);
    if (operand.isReg())
      printRegName(stream, operand.getReg());
    else if (operand.isImm())
      stream << operand.getImm();
    else
      operand.getExpr()->print(stream, &MAI);
  }
  void printSigned(const MCInst* inst, unsigned index, raw_ostream& stream) {
    printOperand(inst, index, stream);
  }
  void printUnsigned(const MCInst* inst, unsigned index, raw_ostream& stream) {
    const MCOperand& operand = inst->getOperand(index);
    if (!operand.isImm()) return printOperand(inst, index, stream);
    stream << static_cast<std::uint32_t>(operand.getImm());
  }
  // The word number of the source, as byte address.
  void printBranchTarget(const MCInst* inst, unsigned index, raw_ostream& stream) {
    const MCOperand& operand = inst->getOperand(index);
    if (!operand.isImm()) return printOperand(inst, index, stream);
    stream << "0x";
    stream.write_hex(static_cast<std::uint64_t>(operand.getImm()) << 2U);
  }
  void print_broadcast(const MCInst* inst, unsigned index, StringRef suffix, raw_ostream& stream) {
    printOperand(inst, index, stream);
    stream << ':' << suffix;
  }
  void printBroadcastB(const MCInst* inst, unsigned index, raw_ostream& stream) {
    print_broadcast(inst, index, "B", stream);
  }
  void printBroadcastBL(const MCInst* inst, unsigned index, raw_ostream& stream) {
    print_broadcast(inst, index, "BL", stream);
  }
  void printBroadcastBU(const MCInst* inst, unsigned index, raw_ostream& stream) {
    print_broadcast(inst, index, "BU", stream);
  }
};

#define PRINT_ALIAS_INSTR
#include "ColossusGenAsmWriter.inc"

}  // namespace

std::unique_ptr<MCInstPrinter> Colossus::create_inst_printer(const MCAsmInfo& info,
                                                             const MCInstrInfo& instructions,
                                                             const MCRegisterInfo& registers) {
  return std::make_unique<ColossusInstPrinter>(info, instructions, registers);
}

}  // namespace llvm
