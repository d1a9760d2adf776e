// SPDX-License-Identifier: Apache-2.0
#include "object_streamer.hpp"

#include "../target/elf_relocations.hpp"
#include "../target/section_limit.hpp"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/MCAssembler.h"
#include "llvm/MC/MCValue.h"
#include "llvm/Support/ErrorHandling.h"

namespace llvm::Colossus {
namespace {

// Whether the layout will make no number of an expression: it names a symbol of no section, or of another one
// than that it is subtracted from. What only the layout can tell counts as known.
bool stays_unknown(const MCExpr& expression) {
  MCValue value;
  if (!expression.evaluateAsRelocatable(value, nullptr, nullptr) || value.isAbsolute()) return false;
  const MCSymbolRefExpr* plus = value.getSymA();
  const MCSymbolRefExpr* minus = value.getSymB();
  if (plus == nullptr || minus == nullptr) return true;
  const MCSymbol& a = plus->getSymbol();
  const MCSymbol& b = minus->getSymbol();
  return !a.isInSection() || !b.isInSection() || &a.getSection() != &b.getSection();
}

}  // namespace

void ObjectStreamer::emitELFSize(MCSymbol* symbol, const MCExpr* value) {
  await(value, "Size expression must be absolute");
  OnePassStreamer::emitELFSize(symbol, value);
}

void ObjectStreamer::emitULEB128Value(const MCExpr* value) {
  await(value, "sleb128 and uleb128 expressions must be absolute");
  OnePassStreamer::emitULEB128Value(value);
}

void ObjectStreamer::emitSLEB128Value(const MCExpr* value) {
  await(value, "sleb128 and uleb128 expressions must be absolute");
  OnePassStreamer::emitSLEB128Value(value);
}

void ObjectStreamer::finishImpl() {
  for (const Awaited& awaited : awaited_)
    if (stays_unknown(*awaited.value))
      getContext().reportError(
          awaited.location, awaited.complaint + ": a number, or the difference of two labels of one section");
  if (!getContext().hadError()) OnePassStreamer::finishImpl();
}

void ObjectStreamer::emit_unit(ArrayRef<MCInst> insts, const MCExpr* repeat, bool check_repeat,
                               const MCSubtargetInfo& subtarget) {
  CodeUnit unit{};
  unit.bundle = insts.size() == 2;
  unit.repeat = repeat;
  unit.check_repeat = check_repeat;
  unit.location = insts.front().getLoc();
  check_executable(unit.location);
  for (const MCInst& inst : insts) {
    const MCInstrDesc& desc = instructions_.get(inst.getOpcode());
    unit.control |= (desc.TSFlags & flag_control) != 0;
    unit.system |= (desc.TSFlags & flag_system) != 0;
    unit.bytes += desc.getSize();
    count(desc.getSize(), unit.location);
    emitInstruction(inst, subtarget);
  }
  unit.fragment = getCurrentFragment();
  unit.offset = cast<MCDataFragment>(unit.fragment)->getContents().size() - unit.bytes;
  log_.push_back(unit);
}

void ObjectStreamer::emitBytes(StringRef data) {
  count(data.size(), getStartTokLoc());
  OnePassStreamer::emitBytes(data);
}

void ObjectStreamer::emitValueImpl(const MCExpr* value, unsigned size, SMLoc location) {
  const std::uint64_t before = emitted_.lookup(getCurrentSectionOnly());
  OnePassStreamer::emitValueImpl(value, size, location);
  // A value that is known comes through emitBytes.
  if (emitted_.lookup(getCurrentSectionOnly()) == before) count(size, location);
}

// LLVM writes every one of a known number of values at once: what does not fit must not begin.
void ObjectStreamer::emitFill(const MCExpr& bytes, std::uint64_t value, SMLoc location) {
  std::int64_t known = 0;
  if (bytes.evaluateAsAbsolute(known, getAssemblerPtr()) && known > 0)
    require_room(static_cast<std::uint64_t>(known), location);
  OnePassStreamer::emitFill(bytes, value, location);
}

void ObjectStreamer::emitFill(const MCExpr& count_of, std::int64_t size, std::int64_t value, SMLoc location) {
  std::int64_t known = 0;
  if (count_of.evaluateAsAbsolute(known, getAssemblerPtr()) && known > 0 && size > 0)
    require_room(SaturatingMultiply(static_cast<std::uint64_t>(known), static_cast<std::uint64_t>(size)),
                 location);
  OnePassStreamer::emitFill(count_of, size, value, location);
}

Optional<std::pair<bool, std::string>> ObjectStreamer::emitRelocDirective(const MCExpr& offset,
                                                                          StringRef name,
                                                                          const MCExpr* target,
                                                                          SMLoc location,
                                                                          const MCSubtargetInfo& subtarget) {
  if (target != nullptr) visitUsedExpr(*target);
  std::int64_t number = 0;
  if (!offset.evaluateAsAbsolute(number, getAssemblerPtr()) || number < 0)
    return OnePassStreamer::emitRelocDirective(offset, name, target, location, subtarget);
  // LLVM counts a number from the start of the current fragment, and begins a new one for another subtarget.
  // Here it counts from the start of the section, as in GNU as.
  const MCDataFragment* fragment = getOrCreateDataFragment();
  const Position here = position();
  const auto begin = static_cast<std::int64_t>(here.offset - fragment->getContents().size());
  if (here.modulus != 0 || number < begin)
    return std::make_pair(false,
                          std::string("the place of this .reloc is not known here: write it as a label"));
  const MCSubtargetInfo& same =
      fragment->getSubtargetInfo() != nullptr ? *fragment->getSubtargetInfo() : subtarget;
  return OnePassStreamer::emitRelocDirective(*MCConstantExpr::create(number - begin, getContext()), name,
                                             target, location, same);
}

void ObjectStreamer::emitAssignment(MCSymbol* symbol, const MCExpr* value) {
  if (has_variant(*value)) return refuse("a symbol variant stands in data or operands, not behind a name");
  OnePassStreamer::emitAssignment(symbol, value);
}

// LLVM would let the label take the name from then on, and leave uses before it as they are.
void ObjectStreamer::emitLabel(MCSymbol* symbol, SMLoc location) {
  if (symbol->isVariable() || symbol->isCommon())
    return getContext().reportError(location, "symbol '" + symbol->getName() + "' is already defined");
  OnePassStreamer::emitLabel(symbol, location);
}

void ObjectStreamer::changeSection(MCSection* section, const MCExpr* subsection) {
  if ((cast<MCSectionELF>(section)->getFlags() & ELF::SHF_TLS) != 0)
    refuse("section " + section->getName() + ": there is no thread-local storage on a tile");
  OnePassStreamer::changeSection(section, subsection);
}

bool ObjectStreamer::emitSymbolAttribute(MCSymbol* symbol, MCSymbolAttr attribute) {
  if (attribute == MCSA_ELF_TypeTLS) refuse("there is no thread-local storage on a tile");
  if (attribute == MCSA_ELF_TypeIndFunction)
    refuse("indirect functions are resolved by a loader, and a tile has none");
  return OnePassStreamer::emitSymbolAttribute(symbol, attribute);
}

void ObjectStreamer::emitELFSymverDirective(const MCSymbol*, StringRef, bool) {
  refuse("versions of symbols are for shared objects, and a tile has none");
}

void ObjectStreamer::emitBundleAlignMode(unsigned) {
  refuse(
      "this directive's bundles are another target's; write { main ; aux }, and .p2align 3 where a bundle "
      "must "
      "lie at a multiple of 8");
}

void ObjectStreamer::refuse(const Twine& why) { getContext().reportError(getStartTokLoc(), why); }

void ObjectStreamer::require_room(std::uint64_t bytes, SMLoc location) {
  const std::uint64_t before = emitted_.lookup(getCurrentSectionOnly());
  count(bytes, location);
  emitted_[getCurrentSectionOnly()] = before;
}

void ObjectStreamer::count(std::uint64_t bytes, SMLoc location) {
  const auto* section = cast_or_null<MCSectionELF>(getCurrentSectionOnly());
  if (section == nullptr) return;
  std::uint64_t& so_far = emitted_[section];
  so_far = SaturatingAdd(so_far, bytes);
  if (so_far <= section_limit(*section, arch_)) return;
  getContext().reportError(location, section_overflow(*section, arch_));
  report_fatal_error("section too large");  // what follows would only use memory
}

void ObjectStreamer::check_executable(SMLoc location) {
  const auto* section = cast<MCSectionELF>(getCurrentSectionOnly());
  if ((section->getFlags() & ELF::SHF_EXECINSTR) != 0) return;
  getContext().reportError(location,
                           "instruction in section " + section->getName() +
                               ", which holds no code and can never run; put it into .text, or give the "
                               "section the flag x");
}

}  // namespace llvm::Colossus
