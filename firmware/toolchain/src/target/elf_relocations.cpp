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

struct Name {
  Reloc::Type type;
  StringRef name;
};
constexpr std::array<Name, 14> names{{{Reloc::none, "R_COLOSSUS_NONE"},
                                      {Reloc::abs8, "R_COLOSSUS_8"},
                                      {Reloc::abs16, "R_COLOSSUS_16"},
                                      {Reloc::abs20, "R_COLOSSUS_20"},
                                      {Reloc::abs32, "R_COLOSSUS_32"},
                                      {Reloc::abs64, "R_COLOSSUS_64"},
                                      {Reloc::relative16_s2, "R_COLOSSUS_RELATIVE_16_S2"},
                                      {Reloc::abs18_s2, "R_COLOSSUS_18_S2"},
                                      {Reloc::abs19_s2, "R_COLOSSUS_19_S2"},
                                      {Reloc::run, "R_COLOSSUS_RUN"},
                                      {Reloc::abs16_s3, "R_COLOSSUS_16_S3"},
                                      {Reloc::abs16_s4, "R_COLOSSUS_16_S4"},
                                      {Reloc::abs16_s5, "R_COLOSSUS_16_S5"},
                                      {Reloc::abs21, "R_COLOSSUS_21"}}};

// Carries its relocation in MCValue's kind, which is the target's to define.
class VariantExpr : public MCTargetExpr {
 public:
  VariantExpr(Variant variant, const MCExpr* expression) : variant_(variant), expression_(expression) {}

  void printImpl(raw_ostream& stream, const MCAsmInfo* info) const override {
    expression_->print(stream, info);
    stream << '@' << variant_.name;
  }
  bool evaluateAsRelocatableImpl(MCValue& result, const MCAsmLayout* layout,
                                 const MCFixup* fixup) const override {
    MCValue value;
    if (!expression_->evaluateAsRelocatable(value, layout, fixup)) return false;
    result = MCValue::get(value.getSymA(), value.getSymB(), value.getConstant(), variant_.type);
    return true;
  }
  void visitUsedExpr(MCStreamer& streamer) const override { streamer.visitUsedExpr(*expression_); }
  MCFragment* findAssociatedFragment() const override { return expression_->findAssociatedFragment(); }
  void fixELFSymbolsInTLSFixups(MCAssembler&) const override {}

 private:
  Variant variant_;
  const MCExpr* expression_;
};

class ElfTargetWriter : public MCELFObjectTargetWriter {
 public:
  ElfTargetWriter() : MCELFObjectTargetWriter(false, elf_osabi, elf_machine, true) {}

  unsigned getRelocType(MCContext& context, const MCValue& target, const MCFixup& fixup,
                        bool) const override {
    const unsigned kind = fixup.getTargetKind();
    if (const unsigned variant = target.getRefKind(); variant != 0) {
      const bool fits = kind == FK_Data_4 || kind >= FirstTargetFixupKind ||
                        (kind == FK_Data_2 && variant == Reloc::relative16_s2);
      if (!fits) context.reportError(fixup.getLoc(), "symbol variant does not fit data of this size");
      return variant;
    }
    switch (kind) {
      case FK_Data_1:
        return Reloc::abs8;
      case FK_Data_2:
        return Reloc::abs16;
      case FK_Data_4:
        return Reloc::abs32;
      case FK_Data_8:
        return Reloc::abs64;
      case Fixup::abs8:
        return Reloc::abs8;
      case Fixup::abs16:
        return Reloc::abs16;
      case Fixup::abs20:
        return Reloc::abs20;
      case Fixup::abs19_s2:
        return Reloc::abs19_s2;
      case Fixup::run:
        return Reloc::run;
      default:
        context.reportError(fixup.getLoc(), "no relocation for this expression");
        return Reloc::none;
    }
  }
};

}  // namespace

std::unique_ptr<MCObjectTargetWriter> create_elf_target_writer() {
  return std::make_unique<ElfTargetWriter>();
}

StringRef reloc_name(unsigned type) {
  for (const Name& entry : names)
    if (entry.type == type) return entry.name;
  return "";
}

const MCExpr* create_variant(StringRef name, const MCExpr* expression, MCContext& context) {
  for (const Variant& variant : variants)
    if (variant.name == name) return new (context) VariantExpr(variant, expression);
  return nullptr;
}

}  // namespace llvm::Colossus
