// SPDX-License-Identifier: Apache-2.0
#include "elf_relocations.hpp"

#include <array>

#include "llvm/MC/MCAssembler.h"
#include "llvm/MC/MCELFObjectWriter.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCValue.h"
#include "target_info.hpp"

namespace llvm::Colossus {
namespace {

struct Variant {
  StringRef name;  // as written after the symbol's '@'
  Reloc::Type type;
};
constexpr std::array<Variant, 5> variants{{{"relative@16@s2", Reloc::relative16_s2},
                                           {"abs18@s2", Reloc::abs18_s2},
                                           {"abs19@s2", Reloc::abs19_s2},
                                           {"abs@21", Reloc::abs21},
                                           {"abs21", Reloc::abs21}}};

// Carries its relocation in MCValue's kind, which is the target's to define.
class VariantExpr : public MCTargetExpr {
 public:
  VariantExpr(Variant variant, const MCExpr* expression) : variant_(variant), expression_(expression) {}

  void printImpl(raw_ostream& stream, const MCAsmInfo* info) const override {
    expression_->print(stream, info);
    stream << '@' << variant_.name;
  }
  // The value is the linker's to make, so there is none without a fixup to carry it.
  bool evaluateAsRelocatableImpl(MCValue& result, const MCAsmLayout* layout,
                                 const MCFixup* fixup) const override {
    MCValue value;
    if (fixup == nullptr || !expression_->evaluateAsRelocatable(value, layout, fixup)) return false;
    result = MCValue::get(value.getSymA(), value.getSymB(), value.getConstant(), variant_.type);
    return true;
  }
  void visitUsedExpr(MCStreamer& streamer) const override { streamer.visitUsedExpr(*expression_); }
  MCFragment* findAssociatedFragment() const override { return expression_->findAssociatedFragment(); }
  void fixELFSymbolsInTLSFixups(MCAssembler&) const override {}
  Reloc::Type type() const { return variant_.type; }

 private:
  Variant variant_;
  const MCExpr* expression_;
};

// The variant in a fixup's expression: sym@variant, or that plus or minus numbers.
struct FoundVariant {
  const VariantExpr* variant = nullptr;
  bool misplaced = false;  // under another operator, more than one, or behind a name given by .set
};

void find_variant(const MCExpr& expression, bool may_be_here, FoundVariant& found) {
  switch (expression.getKind()) {
    case MCExpr::Target: {
      const auto& variant = static_cast<const VariantExpr&>(expression);  // the target's only one
      found.misplaced |= !may_be_here || found.variant != nullptr;
      found.variant = &variant;
      return;
    }
    case MCExpr::Unary:
      return find_variant(*cast<MCUnaryExpr>(expression).getSubExpr(), false, found);
    case MCExpr::Binary: {
      const auto& binary = cast<MCBinaryExpr>(expression);
      const bool sum = binary.getOpcode() == MCBinaryExpr::Add || binary.getOpcode() == MCBinaryExpr::Sub;
      find_variant(*binary.getLHS(), may_be_here && sum && isa<MCConstantExpr>(binary.getRHS()), found);
      find_variant(
          *binary.getRHS(),
          may_be_here && binary.getOpcode() == MCBinaryExpr::Add && isa<MCConstantExpr>(binary.getLHS()),
          found);
      return;
    }
    case MCExpr::SymbolRef: {
      const MCSymbol& symbol = cast<MCSymbolRefExpr>(expression).getSymbol();
      if (symbol.isVariable()) find_variant(*symbol.getVariableValue(false), false, found);
      return;
    }
    case MCExpr::Constant:
      return;
  }
}

// Bytes of data, or 4 for a word with an instruction's field; bits of that field from bit 0; its own
// relocation.
struct Place {
  unsigned bytes, bits;
  Reloc::Type type;
};

Place place_of(unsigned kind) {
  switch (kind) {
    case FK_Data_1:
      return {1, 8, Reloc::abs8};
    case FK_Data_2:
      return {2, 16, Reloc::abs16};
    case FK_Data_4:
      return {4, 32, Reloc::abs32};
    case FK_Data_8:
      return {8, 64, Reloc::abs64};
    case Fixup::abs8:
      return {4, 8, Reloc::abs8};
    case Fixup::abs16:
      return {4, 16, Reloc::abs16};
    case Fixup::abs20:
      return {4, 20, Reloc::abs20};
    case Fixup::abs19_s2:
      return {4, 19, Reloc::abs19_s2};
    case Fixup::run:
      return {4, 0, Reloc::run};  // in two pieces: nothing else fits
    default:
      return {0, 0, Reloc::none};
  }
}

class ElfTargetWriter : public MCELFObjectTargetWriter {
 public:
  ElfTargetWriter() : MCELFObjectTargetWriter(false, elf_osabi, elf_machine, true) {}

  unsigned getRelocType(MCContext& context, const MCValue& target, const MCFixup& fixup,
                        bool relative) const override {
    const auto refuse = [&](const Twine& why) {
      context.reportError(fixup.getLoc(), why);
      return static_cast<unsigned>(Reloc::none);
    };
    const unsigned kind = fixup.getKind();
    if (relative)
      return refuse(
          "the IPU's ABI has no PC-relative relocation: a difference needs both symbols defined in one "
          "section of this source");
    if (target.getAccessVariant() != MCSymbolRefExpr::VK_None) return refuse("unknown symbol variant");
    // The addend has 32 bits in the file. Only data of that width wraps as the addition does.
    if (!isInt<32>(target.getConstant()) &&
        !(kind == FK_Data_4 && isUInt<32>(static_cast<std::uint64_t>(target.getConstant()))))
      return refuse("the number added to the symbol, " + Twine(target.getConstant()) +
                    ", does not fit into 32 bits");
    if (kind >= FirstLiteralRelocationKind) return kind - FirstLiteralRelocationKind;
    const Place place = place_of(kind);
    if (place.bytes == 0) return refuse("no relocation for this expression");
    FoundVariant found;
    find_variant(*fixup.getValue(), true, found);
    if (found.misplaced)
      return refuse(
          "a symbol variant stands behind a symbol, to which numbers may be added; no other expression "
          "takes one");
    if (found.variant != nullptr) {
      const RelocRule& rule = *find_reloc(found.variant->type());
      if (rule.bytes > place.bytes || rule.bits > place.bits)
        return refuse(kind >= FirstTargetFixupKind ? "symbol variant does not fit this operand"
                                                   : "symbol variant does not fit data of this size");
      return rule.type;
    }
    if (place.type == Reloc::run && target.isAbsolute())
      return refuse("this operand takes a label, or a number that is known here");
    return place.type;
  }
};

}  // namespace

std::unique_ptr<MCObjectTargetWriter> create_elf_target_writer() {
  return std::make_unique<ElfTargetWriter>();
}

bool has_variant(const MCExpr& expression) {
  FoundVariant found;
  find_variant(expression, true, found);
  return found.variant != nullptr;
}

const MCExpr* create_variant(StringRef name, const MCExpr* expression, MCContext& context) {
  for (const Variant& variant : variants)
    if (variant.name == name) return new (context) VariantExpr(variant, expression);
  return nullptr;
}

}  // namespace llvm::Colossus
