// SPDX-License-Identifier: Apache-2.0
// The Colossus target as LLVM's MC layer wants it: tables from llvm-tblgen (target/*.td and isa/*.isa) and
// the small classes round them. Only this folder and the tools' LLVM side include it.
#pragma once

#include <memory>
#include <vector>

#include "ipusim/isa/isa.hpp"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCAsmInfoELF.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCFixup.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "relocation_table.hpp"

#define GET_REGINFO_ENUM
#include "ColossusGenRegisterInfo.inc"

#define GET_INSTRINFO_ENUM
#include "ColossusGenInstrInfo.inc"

#define GET_SUBTARGETINFO_ENUM
#include "ColossusGenSubtargetInfo.inc"

namespace llvm::Colossus {

// Bits of MCInstrDesc::TSFlags, as ColossusInstructions.td sets them.
inline constexpr std::uint64_t flag_aux = 1ULL << 22U;
inline constexpr std::uint64_t flag_control = 1ULL << 23U;
inline constexpr std::uint64_t flag_system = 1ULL << 24U;
inline constexpr std::uint64_t flag_coissue = 1ULL << 25U;
// Bit of MCInst::getFlags(): half of a bundle, so bit 31 of its word is set.
inline constexpr unsigned inst_in_bundle = 1U;
inline constexpr std::uint32_t coissue_bit = 0x80000000U;

namespace Fixup {
enum Kind : unsigned { abs8 = FirstTargetFixupKind, abs16, abs20, abs19_s2, run, end };
}

inline constexpr unsigned elf_machine = 248;  // EM_GRAPHCORE_IPU
inline constexpr unsigned elf_osabi = 255;    // standalone

class AsmInfo : public MCAsmInfoELF {
 public:
  AsmInfo();
};

const Triple& target_triple();
std::unique_ptr<MCRegisterInfo> create_register_info();
std::unique_ptr<MCInstrInfo> create_instr_info();
// mode both: instructions of either mode.
std::unique_ptr<MCSubtargetInfo> create_subtarget_info(ipusim::isa::Arch arch, ipusim::isa::Mode mode);
unsigned mode_feature(ipusim::isa::Mode mode);

std::unique_ptr<MCCodeEmitter> create_code_emitter(const MCInstrInfo& instructions, MCContext& context);
std::unique_ptr<MCInstPrinter> create_inst_printer(const MCAsmInfo& info, const MCInstrInfo& instructions,
                                                   const MCRegisterInfo& registers);
std::unique_ptr<MCDisassembler> create_disassembler(const MCSubtargetInfo& subtarget, MCContext& context,
                                                    const MCInstrInfo& instructions);

// One emitted instruction or bundle, for the checks that need addresses.
struct CodeUnit {
  const MCFragment* fragment;
  std::uint64_t offset;  // in the fragment
  unsigned bytes;
  bool bundle;
  bool control, system;            // of either half
  const MCExpr* repeat = nullptr;  // rpt: its size operand
  bool check_repeat = true;
  SMLoc location;
};
using CodeLog = std::vector<CodeUnit>;

// `log` is read when layout is done, to check alignment of two-word instructions and the bodies of rpt.
std::unique_ptr<MCAsmBackend> create_asm_backend(const CodeLog& log, ipusim::isa::Arch arch);

// sym@abs19@s2 and its kin: an expression whose value takes this relocation. name: as written after the first
// '@'.
const MCExpr* create_variant(StringRef name, const MCExpr* expression, MCContext& context);

}  // namespace llvm::Colossus
