// SPDX-License-Identifier: Apache-2.0
#include "target_info.hpp"

#include "llvm/ADT/Triple.h"

#define GET_REGINFO_MC_DESC
#include "ColossusGenRegisterInfo.inc"

#define GET_INSTRINFO_MC_DESC
#include "ColossusGenInstrInfo.inc"

#define GET_SUBTARGETINFO_MC_DESC
#include "ColossusGenSubtargetInfo.inc"

namespace llvm::Colossus {

// $sp = $m11; debug numbers of M registers are their own.
static constexpr unsigned dwarf_sp = 11;

AsmInfo::AsmInfo() {
  CodePointerSize = 4;
  CalleeSaveStackSlotSize = 4;
  MinInstAlignment = 4;
  CommentString = "#";
  DollarIsPC = false;
  AllowDollarAtStartOfIdentifier = true;
  SupportsDebugInformation = true;
  Data16bitsDirective = "\t.short\t";
  Data32bitsDirective = "\t.long\t";
  UsesELFSectionDirectiveForBSS = true;
  MaxInstLength = 8;
  addInitialFrameState(MCCFIInstruction::cfiDefCfa(nullptr, dwarf_sp, 0));
}

const Triple& target_triple() {
  static const Triple triple("colossus-graphcore-unknown-elf");
  return triple;
}

std::unique_ptr<MCRegisterInfo> create_register_info() {
  auto info = std::make_unique<MCRegisterInfo>();
  InitColossusMCRegisterInfo(info.get(), Colossus::M10);  // return addresses stand in $m10
  return info;
}

std::unique_ptr<MCInstrInfo> create_instr_info() {
  auto info = std::make_unique<MCInstrInfo>();
  InitColossusMCInstrInfo(info.get());
  return info;
}

unsigned mode_feature(ipusim::isa::Mode mode) {
  return mode == ipusim::isa::Mode::supervisor ? Colossus::FeatureSupervisor : Colossus::FeatureWorker;
}

std::unique_ptr<MCSubtargetInfo> create_subtarget_info(ipusim::isa::Arch arch, ipusim::isa::Mode mode) {
  const auto cpu = ipusim::isa::arch_info(arch).name;
  const StringRef name(cpu.data(), cpu.size());
  StringRef features = "+worker,+supervisor";
  if (mode == ipusim::isa::Mode::worker) features = "+worker";
  if (mode == ipusim::isa::Mode::supervisor) features = "+supervisor";
  return std::unique_ptr<MCSubtargetInfo>(
      createColossusMCSubtargetInfoImpl(target_triple(), name, name, features));
}

}  // namespace llvm::Colossus
