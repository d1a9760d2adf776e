// Colossus assembly for LLVM's assembly parser: operands, bundles, directives and the forms no table can
// state.
#pragma once

#include <memory>

#include "ipusim/isa/isa.hpp"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "object_streamer.hpp"

namespace llvm::Colossus {

// Starts in `mode` (worker or supervisor).
std::unique_ptr<MCTargetAsmParser> create_asm_parser(const MCSubtargetInfo& subtarget, ipusim::isa::Mode mode,
                                                     MCAsmParser& parser, const MCInstrInfo& instructions,
                                                     const MCTargetOptions& options,
                                                     ObjectStreamer& streamer);

}  // namespace llvm::Colossus
