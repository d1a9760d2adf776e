// SPDX-License-Identifier: Apache-2.0
// The frame of the generated instruction records.
class IpuRecord<dag outs, dag ins, string asm, string lane, bit control, bit system, bit coissue,
                string mode, string arch> : Instruction {
  let Namespace = "Colossus";
  let OutOperandList = outs;
  let InOperandList = ins;
  let AsmString = asm;
  let hasSideEffects = 1;
  let Predicates = !listconcat(
      !cond(!eq(mode, "worker") : [InWorkerMode], !eq(mode, "supervisor") : [InSupervisorMode],
            true : []<Predicate>),
      !cond(!eq(arch, "ipu2+") : [HasIPU2Plus], !eq(arch, "ipu21") : [HasIPU21], true : []<Predicate>));
  // Bits 22 to 25 as in the published target: lane (1: aux), control, system, may co-issue.
  let TSFlags{22} = !eq(lane, "aux");
  let TSFlags{23} = control;
  let TSFlags{24} = system;
  let TSFlags{25} = coissue;
}
class IpuInst<string id, string mnemonic, dag outs, dag ins, string asm, string lane, bit control, bit system,
              bit coissue, string mode, string arch>
    : IpuRecord<outs, ins, asm, lane, control, system, coissue, mode, arch> {
  field bits<32> Inst;
  field bits<32> SoftFail = 0;
  let Size = 4;
  let DecoderNamespace = "OneWord";
}
class IpuInst2<string id, string mnemonic, dag outs, dag ins, string asm, string lane, bit control, bit system,
               bit coissue, string mode, string arch>
    : IpuRecord<outs, ins, asm, lane, control, system, coissue, mode, arch> {
  field bits<64> Inst;
  field bits<64> SoftFail = 0;
  let Size = 8;
  let DecoderNamespace = "TwoWords";
}

include "IpuInstrInfo.td"
