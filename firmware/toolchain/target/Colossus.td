// SPDX-License-Identifier: Apache-2.0
// The Colossus target for llvm-tblgen: registers, operands and features are stated here, every instruction comes
// from isa/*.isa through isagen (IpuInstrInfo.td).
include "llvm/Target/Target.td"

include "ColossusFeatures.td"
include "ColossusRegisters.td"
include "ColossusOperands.td"
include "ColossusInstructions.td"
include "ColossusAliases.td"

def ColossusAsmParser : AsmParser {
  let ShouldEmitMatchRegisterName = 0;
  let ShouldEmitMatchRegisterAltName = 0;
}
def ColossusAsmWriter : AsmWriter {
  string AsmWriterClassName = "InstPrinter";
}
def ColossusInstrInfo : InstrInfo;

def Colossus : Target {
  let InstructionSet = ColossusInstrInfo;
  let AssemblyParsers = [ColossusAsmParser];
  let AssemblyWriters = [ColossusAsmWriter];
}
