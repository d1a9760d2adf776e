// The ELF streamer, keeping a log of the code it emits for the checks that need addresses.
#pragma once

#include "../target/target_info.hpp"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/MC/MCInst.h"
#include "one_pass_streamer.hpp"

namespace llvm::Colossus {

class ObjectStreamer : public OnePassStreamer {
 public:
  ObjectStreamer(MCContext& context, std::unique_ptr<MCAsmBackend> backend,
                 std::unique_ptr<MCObjectWriter> writer, std::unique_ptr<MCCodeEmitter> emitter,
                 const MCInstrInfo& instructions, CodeLog& log)
      : OnePassStreamer(context, std::move(backend), std::move(writer), std::move(emitter)),
        instructions_(instructions),
        log_(log) {}

  // A lone instruction, or the two halves of a bundle (whose flags say so). repeat: size operand of a rpt
  // among them.
  void emit_unit(ArrayRef<MCInst> insts, const MCExpr* repeat, bool check_repeat,
                 const MCSubtargetInfo& subtarget) {
    CodeUnit unit{};
    unit.bundle = insts.size() == 2;
    unit.repeat = repeat;
    unit.check_repeat = check_repeat;
    unit.location = insts.front().getLoc();
    for (const MCInst& inst : insts) {
      const MCInstrDesc& desc = instructions_.get(inst.getOpcode());
      unit.control |= (desc.TSFlags & flag_control) != 0;
      unit.system |= (desc.TSFlags & flag_system) != 0;
      unit.bytes += desc.getSize();
      emitInstruction(inst, subtarget);
    }
    unit.fragment = getCurrentFragment();
    unit.offset = cast<MCDataFragment>(unit.fragment)->getContents().size() - unit.bytes;
    log_.push_back(unit);
  }

 private:
  const MCInstrInfo& instructions_;
  CodeLog& log_;
};

}  // namespace llvm::Colossus
