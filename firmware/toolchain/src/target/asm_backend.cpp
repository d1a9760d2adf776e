// SPDX-License-Identifier: Apache-2.0
#include "llvm/MC/MCAsmBackend.h"

#include <array>
#include <map>

#include "elf_relocations.hpp"
#include "ipusim/isa/isa.hpp"
#include "llvm/MC/MCAsmLayout.h"
#include "llvm/MC/MCAssembler.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCFixupKindInfo.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCSymbolELF.h"
#include "llvm/MC/MCValue.h"
#include "llvm/Support/EndianStream.h"
#include "section_limit.hpp"
#include "target_info.hpp"

namespace llvm {
namespace {

using namespace Colossus;

constexpr std::uint64_t bundle_bytes = 8;

class AsmBackend : public MCAsmBackend {
 public:
  AsmBackend(const CodeLog& log, ipusim::isa::Arch arch)
      : MCAsmBackend(support::little), log_(log), arch_(arch) {}

  std::unique_ptr<MCObjectTargetWriter> createObjectTargetWriter() const override {
    return create_elf_target_writer();
  }
  unsigned getNumFixupKinds() const override { return Fixup::end - Fixup::abs8; }
  const MCFixupKindInfo& getFixupKindInfo(MCFixupKind kind) const override {
    static const std::array<MCFixupKindInfo, 5> infos{{{"fixup_8", 0, 8, 0},
                                                       {"fixup_16", 0, 16, 0},
                                                       {"fixup_20", 0, 20, 0},
                                                       {"fixup_19_s2", 0, 19, 0},
                                                       {"fixup_run", 0, 20, 0}}};
    if (kind >= FirstLiteralRelocationKind) return MCAsmBackend::getFixupKindInfo(FK_NONE);
    if (kind < FirstTargetFixupKind) return MCAsmBackend::getFixupKindInfo(kind);
    return infos.at(static_cast<unsigned>(kind) - Fixup::abs8);
  }
  // .reloc takes the ABI's names.
  Optional<MCFixupKind> getFixupKind(StringRef name) const override {
    const RelocRule* rule = find_reloc(name);
    if (rule == nullptr) return None;
    return static_cast<MCFixupKind>(FirstLiteralRelocationKind + static_cast<unsigned>(rule->type));
  }
  bool shouldForceRelocation(const MCAssembler&, const MCFixup& fixup, const MCValue&) override {
    return fixup.getTargetKind() == Fixup::run  // only the linker knows the memory base
           || fixup.getKind() >= FirstLiteralRelocationKind || has_variant(*fixup.getValue());
  }
  bool fixupNeedsRelaxation(const MCFixup&, std::uint64_t, const MCRelaxableFragment*,
                            const MCAsmLayout&) const override {
    return false;
  }

  void applyFixup(const MCAssembler& assembler, const MCFixup& fixup, const MCValue&,
                  MutableArrayRef<char> data, std::uint64_t value, bool resolved,
                  const MCSubtargetInfo*) const override {
    if (!resolved) return;  // the relocation carries everything
    MCContext& context = assembler.getContext();
    unsigned bits = getFixupKindInfo(fixup.getKind()).TargetSize;
    const bool is_data = fixup.getTargetKind() < FirstTargetFixupKind;
    // As an operand a number is a word number, as a symbol's value it would be a byte address: which was
    // meant?
    if (fixup.getTargetKind() == Fixup::abs19_s2)
      return context.reportError(
          fixup.getLoc(),
          "a branch takes a label, or a word number that is known here (this one gets its "
          "value further down)");
    const auto as_signed = static_cast<std::int64_t>(value);
    const bool fits =
        bits >= 64 || (value >> bits) == 0 || (is_data && as_signed < 0 && as_signed >= -(1LL << (bits - 1)));
    if (!fits)
      return context.reportError(fixup.getLoc(),
                                 "value " + Twine(as_signed) + " does not fit into " + Twine(bits) + " bits");
    for (unsigned byte = 0; byte * 8 < bits; ++byte) {
      char& target = data[fixup.getOffset() + byte];
      const unsigned left = bits - byte * 8;
      const unsigned mask = left >= 8 ? 0xFFU : (1U << left) - 1U;
      target = static_cast<char>((static_cast<unsigned>(static_cast<unsigned char>(target)) & ~mask) |
                                 ((value >> (byte * 8)) & mask));
    }
  }

  // (count mod 4) zero bytes, then nops.
  bool writeNopData(raw_ostream& stream, std::uint64_t count, const MCSubtargetInfo*) const override {
    using ipusim::isa::Opcode;
    const ipusim::isa::Instruction& setzi = ipusim::isa::instruction(Opcode::setzi_mmmn_zi);
    const std::uint32_t nop = setzi.match | (14U << setzi.operands[0].slices[0].word_lsb);  // setzi $m14, 0
    stream.write_zeros(static_cast<unsigned>(count % 4));
    for (std::uint64_t i = 0; i < count / 4; ++i)
      support::endian::write<std::uint32_t>(stream, nop, support::little);
    return true;
  }

  void finishLayout(const MCAssembler& assembler, MCAsmLayout& layout) const override {
    check_sizes(assembler, layout);
    check_exports(assembler, layout);
    std::map<const MCSection*, std::map<std::uint64_t, const CodeUnit*>> sections;
    for (const CodeUnit& unit : log_)
      sections[unit.fragment->getParent()][layout.getFragmentOffset(unit.fragment) + unit.offset] = &unit;
    for (const auto& [section, units] : sections) {
      for (const auto& [address, unit] : units) {
        if (address % 4 != 0)
          assembler.getContext().reportError(
              unit->location, "instruction does not lie at a multiple of 4 bytes; add .p2align 2");
        else if (!unit->bundle && unit->bytes == bundle_bytes && address % bundle_bytes != 0)
          assembler.getContext().reportWarning(
              unit->location,
              "two-word instruction does not lie at a multiple of 8 bytes; add a nop or .p2align 3");
        if (unit->repeat != nullptr && unit->check_repeat)
          check_repeat(assembler, layout, *section, units, address + unit->bytes, *unit);
      }
    }
  }

 private:
  // What .space and .org make of a symbol is known only here; LLVM would go on and write the file.
  void check_sizes(const MCAssembler& assembler, const MCAsmLayout& layout) const {
    bool fits = true;
    for (const MCSection& section : assembler) {
      const auto& elf = cast<MCSectionELF>(section);
      const std::uint64_t size = layout.getSectionAddressSize(&section);
      if (size <= section_limit(elf, arch_)) continue;
      fits = false;
      assembler.getContext().reportError(SMLoc(), section_overflow(elf, arch_));
    }
    if (!fits) report_fatal_error("section too large");
  }

  // What other objects see of a name given by .set is an address or a 32-bit number.
  static void check_exports(const MCAssembler& assembler, const MCAsmLayout& layout) {
    for (const MCSymbol& symbol : assembler.symbols()) {
      const auto& elf = cast<MCSymbolELF>(symbol);
      if (!symbol.isVariable() || !elf.isBindingSet() || elf.getBinding() == ELF::STB_LOCAL) continue;
      const auto refuse = [&](const Twine& why) {
        assembler.getContext().reportError(SMLoc(),
                                           "symbol '" + symbol.getName() + "' cannot be exported: " + why);
      };
      const MCExpr& expression = *symbol.getVariableValue(false);
      MCValue value;
      if (!expression.evaluateAsRelocatable(value, &layout, nullptr)) {
        continue;  // LLVM complains
      } else if (value.isAbsolute() && !isUInt<32>(static_cast<std::uint64_t>(value.getConstant())) &&
                 !isInt<32>(value.getConstant())) {
        refuse("its value does not fit into 32 bits");
      } else if (value.getSymA() != nullptr && value.getSymA()->getSymbol().isUndefined()) {
        refuse("it stands for '" + value.getSymA()->getSymbol().getName() +
               "', which is not defined here (the linker's --defsym can do that)");
      }
    }
  }

  void check_repeat(const MCAssembler& assembler, const MCAsmLayout& layout, const MCSection& section,
                    const std::map<std::uint64_t, const CodeUnit*>& units, std::uint64_t begin,
                    const CodeUnit& repeat) const {
    MCContext& context = assembler.getContext();
    std::int64_t size = 0;
    if (!repeat.repeat->evaluateAsAbsolute(size, layout)) return;  // the fixup complains
    if (begin % bundle_bytes != 0 || section.getAlignment() < bundle_bytes)
      return context.reportError(
          repeat.location,
          repeat.bundle
              ? "code following rpt instruction is misaligned: put a nop before the bundle that holds the rpt"
              : "code following rpt instruction is misaligned: bundle the rpt with fnop if it lies at a "
                "multiple of 8, or put a nop before it");
    const std::uint64_t end = begin + bundle_bytes * (static_cast<std::uint64_t>(size) + 1);
    for (std::uint64_t address = begin; address < end; address += bundle_bytes) {
      const auto found = units.find(address);
      if (found == units.end() || !found->second->bundle)
        return context.reportError(found == units.end() ? repeat.location : found->second->location,
                                   "repeat blocks must only contain instruction bundles");
      if (found->second->control)
        return context.reportError(found->second->location,
                                   "repeat blocks cannot contain control instructions");
      if (found->second->system)
        return context.reportError(found->second->location,
                                   "repeat blocks cannot contain system instructions");
    }
  }

  const CodeLog& log_;
  ipusim::isa::Arch arch_;
};

}  // namespace

std::unique_ptr<MCAsmBackend> Colossus::create_asm_backend(const CodeLog& log, ipusim::isa::Arch arch) {
  return std::make_unique<AsmBackend>(log, arch);
}

}  // namespace llvm
