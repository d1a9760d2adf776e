// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/disassembler.hpp"

#include <fmt/format.h>

#include "../target/target_info.hpp"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/Endian.h"

namespace ipusim::toolchain {
namespace colossus = llvm::Colossus;

namespace {

std::string csr_name(isa::Mode mode, unsigned index) {
  const isa::Csr* csr = isa::find_csr(mode, index);
  return csr == nullptr ? std::string() : fmt::format("${}", csr->name);
}

// Number spaces of CSRs: that of the modes, and the upper one of uget and uput.
std::string csr_of(const isa::Instruction& instruction, std::uint32_t word, isa::Mode mode) {
  constexpr unsigned upper_space = 0x100;
  const bool upper = instruction.mnemonic == "uget" || instruction.mnemonic == "uput";
  if (!upper && instruction.mnemonic != "get" && instruction.mnemonic != "put") return {};
  for (const isa::Operand& operand : instruction.operands) {
    if (operand.cls != isa::OperandClass::unsigned_immediate) continue;
    const unsigned index = operand.value(word);
    if (upper) return csr_name(isa::Mode::worker, upper_space + index);
    if (mode != isa::Mode::both) return csr_name(mode, index);
    const std::string worker = csr_name(isa::Mode::worker, index);
    const std::string supervisor = csr_name(isa::Mode::supervisor, index);
    if (worker == supervisor || supervisor.empty()) return worker;
    return worker.empty() ? supervisor : fmt::format("worker {}, supervisor {}", worker, supervisor);
  }
  return {};
}

std::optional<std::uint32_t> branch_target(const isa::Instruction& instruction, std::uint32_t word) {
  for (const isa::Operand& operand : instruction.operands)
    if (operand.cls == isa::OperandClass::rel19s2) return operand.value(word);
  return std::nullopt;
}

}  // namespace

struct Disassembler::Impl {
  Impl(isa::Arch arch, isa::Mode mode_wanted)
      : mode(mode_wanted),
        registers(colossus::create_register_info()),
        instructions(colossus::create_instr_info()),
        subtarget(colossus::create_subtarget_info(arch, mode_wanted)),
        context(colossus::target_triple(), &asm_info, registers.get(), subtarget.get()),
        decoder(colossus::create_disassembler(*subtarget, context, *instructions)),
        printer(colossus::create_inst_printer(asm_info, *instructions, *registers)) {}

  // Text of the instruction at the start of `code`; its size, or 0 if there is none.
  unsigned one(llvm::ArrayRef<std::uint8_t> code, std::uint32_t address, bool in_bundle, bool aux,
               std::string& text) const {
    llvm::MCInst inst;
    std::uint64_t size = 0;
    if (decoder->getInstruction(inst, size, code, address, llvm::nulls()) != llvm::MCDisassembler::Success)
      return 0;
    if (((inst.getFlags() & colossus::inst_in_bundle) != 0) != in_bundle) return 0;
    const bool is_aux = (instructions->get(inst.getOpcode()).TSFlags & colossus::flag_aux) != 0;
    if (in_bundle && is_aux != aux) return 0;
    llvm::raw_string_ostream stream(text);
    printer->printInst(&inst, address, "", *subtarget, stream);
    stream.flush();
    tidy(text);
    return static_cast<unsigned>(size);
  }

  // The tables put tabs round the mnemonic.
  static void tidy(std::string& text) {
    text.erase(0, text.find_first_not_of("\t "));
    for (char& c : text)
      if (c == '\t') c = ' ';
  }

  // What the instructions in these bytes tell beyond their text.
  void explain(llvm::ArrayRef<std::uint8_t> code, Disassembly& result) const {
    for (unsigned at = 0; at + 4 <= result.bytes; at += 4) {
      const std::uint32_t word = llvm::support::endian::read32le(code.data() + at);
      const isa::Opcode opcode = isa::decode(word, isa::Mode::both);
      if (opcode == isa::Opcode::invalid) continue;
      const isa::Instruction& instruction = isa::instruction(opcode);
      if (const auto target = branch_target(instruction, word)) result.target = target;
      const std::string csr = csr_of(instruction, word, mode);
      if (!csr.empty()) result.csr += (result.csr.empty() ? "" : "; ") + csr;
    }
  }

  isa::Mode mode;
  colossus::AsmInfo asm_info;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  mutable llvm::MCContext context;
  std::unique_ptr<llvm::MCDisassembler> decoder;
  std::unique_ptr<llvm::MCInstPrinter> printer;
};

Disassembler::Disassembler(isa::Arch arch, isa::Mode mode) : impl_(std::make_unique<Impl>(arch, mode)) {}
Disassembler::~Disassembler() = default;

Disassembly Disassembler::disassemble(std::span<const std::uint8_t> code, std::uint32_t address) const {
  const llvm::ArrayRef<std::uint8_t> bytes(code.data(), code.size());
  Disassembly result;
  if (const unsigned size = impl_->one(bytes, address, false, false, result.text); size != 0) {
    result.bytes = size;
    result.valid = true;
    impl_->explain(bytes, result);
    return result;
  }
  if (bytes.size() >= 8) {
    std::string main;
    std::string aux;
    if (impl_->one(bytes, address, true, false, main) != 0 &&
        impl_->one(bytes.drop_front(4), address + 4, true, true, aux) != 0) {
      result = {fmt::format("{{{}; {}}}", main, aux), 8, true};
      impl_->explain(bytes, result);
      return result;
    }
  }
  if (bytes.size() >= 4)
    result.text = fmt::format(".long {:#010x}", llvm::support::endian::read32le(bytes.data()));
  else {
    result.bytes = static_cast<unsigned>(bytes.size());
    result.text = ".byte";
    for (const std::uint8_t byte : bytes)
      result.text += fmt::format("{} {:#04x}", byte == bytes.front() ? "" : ",", byte);
  }
  return result;
}

}  // namespace ipusim::toolchain
