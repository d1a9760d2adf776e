// SPDX-License-Identifier: Apache-2.0
// Colossus assembly for LLVM's assembly parser: operands, bundles, directives and the forms no table can
// state.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "object_streamer.hpp"

namespace llvm::Colossus {

struct ParserSettings {
  ipusim::isa::Mode mode;  // to start in: worker or supervisor
  // Where .include and .incbin look for files. LLVM looks into the working folder first; a file that only it
  // has, or that it has instead of these, is refused if it is to be ignored.
  std::vector<std::string> file_folders;
  bool ignore_working_folder;
};

std::unique_ptr<MCTargetAsmParser> create_asm_parser(const MCSubtargetInfo& subtarget,
                                                     const ParserSettings& settings, MCAsmParser& parser,
                                                     const MCInstrInfo& instructions,
                                                     const MCTargetOptions& options,
                                                     ObjectStreamer& streamer);

}  // namespace llvm::Colossus
