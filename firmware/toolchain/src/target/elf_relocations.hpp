// SPDX-License-Identifier: Apache-2.0
// Which relocation a fixup becomes.
#pragma once

#include <memory>

#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCObjectWriter.h"

namespace llvm::Colossus {

std::unique_ptr<MCObjectTargetWriter> create_elf_target_writer();
// Whether sym@variant stands somewhere in it, behind names given by .set too.
bool has_variant(const MCExpr& expression);

}  // namespace llvm::Colossus
