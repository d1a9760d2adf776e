// SPDX-License-Identifier: Apache-2.0
// The ELF streamer, keeping a log of the code it emits for the checks that need addresses, and refusing what
// an object for a tile cannot hold.
#pragma once

#include <vector>

#include "../target/target_info.hpp"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/MC/MCInst.h"
#include "one_pass_streamer.hpp"

namespace llvm::Colossus {

class ObjectStreamer : public OnePassStreamer {
 public:
  ObjectStreamer(MCContext& context, std::unique_ptr<MCAsmBackend> backend,
                 std::unique_ptr<MCObjectWriter> writer, std::unique_ptr<MCCodeEmitter> emitter,
                 const MCInstrInfo& instructions, CodeLog& log, ipusim::isa::Arch arch)
      : OnePassStreamer(context, std::move(backend), std::move(writer), std::move(emitter)),
        instructions_(instructions),
        log_(log),
        arch_(arch) {}

  // A lone instruction, or the two halves of a bundle (whose flags say so). repeat: size operand of a rpt
  // among them.
  void emit_unit(ArrayRef<MCInst> insts, const MCExpr* repeat, bool check_repeat,
                 const MCSubtargetInfo& subtarget);

  // More repetitions of anything that leaves something behind cannot fit: the bytes of the tile's memory.
  std::uint64_t largest_repeat() const {
    const auto& info = ipusim::isa::arch_info(arch_);
    return info.memory_end - info.memory_base;
  }

  // --- MCStreamer: counted against the size a section may have, while the text is read and before memory is
  // used
  void emitBytes(StringRef data) override;
  void emitValueImpl(const MCExpr* value, unsigned size, SMLoc location) override;
  void emitFill(const MCExpr& bytes, std::uint64_t value, SMLoc location) override;
  void emitFill(const MCExpr& count, std::int64_t size, std::int64_t value, SMLoc location) override;

  // --- MCStreamer: LLVM leaves out of the symbol table what only .reloc uses
  Optional<std::pair<bool, std::string>> emitRelocDirective(const MCExpr& offset, StringRef name,
                                                            const MCExpr* target, SMLoc location,
                                                            const MCSubtargetInfo& subtarget) override;

  // --- MCStreamer: LLVM gives up on these in the layout, and tells no line, if they are no numbers
  void emitELFSize(MCSymbol* symbol, const MCExpr* value) override;
  void emitULEB128Value(const MCExpr* value) override;
  void emitSLEB128Value(const MCExpr* value) override;
  void finishImpl() override;

  // --- MCStreamer: refused
  void emitAssignment(MCSymbol* symbol, const MCExpr* value) override;
  void emitLabel(MCSymbol* symbol, SMLoc location) override;
  void changeSection(MCSection* section, const MCExpr* subsection) override;
  bool emitSymbolAttribute(MCSymbol* symbol, MCSymbolAttr attribute) override;
  void emitELFSymverDirective(const MCSymbol*, StringRef, bool) override;
  void emitBundleAlignMode(unsigned) override;

 private:
  // An expression that must be known when the sections are laid out.
  struct Awaited {
    const MCExpr* value;
    SMLoc location;
    StringRef complaint;
  };
  void await(const MCExpr* value, StringRef complaint) {
    awaited_.push_back({value, getStartTokLoc(), complaint});
  }
  void refuse(const Twine& why);
  void before_writing(std::uint64_t bytes) override { count(bytes, getStartTokLoc()); }
  void require_room(std::uint64_t bytes, SMLoc location);
  void count(std::uint64_t bytes, SMLoc location);
  void check_executable(SMLoc location);

  const MCInstrInfo& instructions_;
  CodeLog& log_;
  ipusim::isa::Arch arch_;
  DenseMap<const MCSection*, std::uint64_t> emitted_;  // bytes so far
  std::vector<Awaited> awaited_;
};

}  // namespace llvm::Colossus
