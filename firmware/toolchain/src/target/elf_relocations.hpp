// Which relocation a fixup becomes.
#pragma once

#include <memory>

#include "llvm/MC/MCObjectWriter.h"

namespace llvm::Colossus {

std::unique_ptr<MCObjectTargetWriter> create_elf_target_writer();

}  // namespace llvm::Colossus
