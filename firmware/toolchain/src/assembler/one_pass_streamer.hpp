// SPDX-License-Identifier: Apache-2.0
// An ELF streamer that lays code and data out while it reads them: padding and space are written at once
// wherever the position in the section is settled, so a section stays one fragment and differences of its
// labels are numbers in the first pass, as `.if (. - label) & 7` needs them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCELFStreamer.h"
#include "llvm/MC/MCObjectWriter.h"

namespace llvm::Colossus {

class OnePassStreamer : public MCELFStreamer {
 public:
  OnePassStreamer(MCContext& context, std::unique_ptr<MCAsmBackend> backend,
                  std::unique_ptr<MCObjectWriter> writer, std::unique_ptr<MCCodeEmitter> emitter)
      : MCELFStreamer(context, std::move(backend), std::move(writer), std::move(emitter)) {
    setUseAssemblerInfoForParsing(true);  // or expressions see no places while the text is read
  }

  // Where the next byte of the current section will lie, in bytes from the section's start, modulo
  // `alignment` (a power of 2 that the section is or will be aligned to). nullopt: only the layout will tell.
  std::optional<std::uint64_t> position_modulo(std::uint64_t alignment) const;

  void emitLabel(MCSymbol* symbol, SMLoc location = SMLoc()) override;
  void emitCodeAlignment(unsigned alignment, const MCSubtargetInfo* subtarget, unsigned most) override;
  void emitValueToAlignment(unsigned alignment, std::int64_t value, unsigned value_size,
                            unsigned most) override;
  using MCELFStreamer::emitFill;
  void emitFill(const MCExpr& count, std::uint64_t value, SMLoc location) override;
  void emitValueToOffset(const MCExpr* target, unsigned char value, SMLoc location) override;

 protected:
  // Asked before padding or space is written: the place to hold a limit.
  virtual void before_writing(std::uint64_t /*bytes*/) {}
  // Bytes from the section's start, modulo `modulus`; modulus 0: exactly.
  struct Position {
    std::uint64_t modulus;
    std::uint64_t offset;
  };
  Position position() const;

 private:
  // Bytes that padding to `alignment` takes: none if that is more than `most` (0: no limit). nullopt: not
  // known, or too many to be written here.
  std::optional<std::uint64_t> padding(unsigned alignment, unsigned most) const;
  std::optional<std::uint64_t> offset_of(const MCExpr& target);
  void append(StringRef bytes);
  void raise_section_alignment(unsigned alignment);
};

}  // namespace llvm::Colossus
