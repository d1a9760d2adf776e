// SPDX-License-Identifier: Apache-2.0
// The M file (16 x 32 bits, pairs) and the A file (16 x 32 bits, pairs, quads). The encoding of a pair or quad is the
// number of its lowest register. Debug numbers: assembler_and_abi facts, section 2.
class IpuRegister<string name, bits<16> number> : Register<name> {
  let Namespace = "Colossus";
  let HWEncoding = number;
}
class IpuGroup<string name, bits<16> number, list<Register> parts, list<SubRegIndex> indices>
    : RegisterWithSubRegs<name, parts> {
  let Namespace = "Colossus";
  let HWEncoding = number;
  let SubRegIndices = indices;
  let CoveredBySubRegs = 1;
}

let Namespace = "Colossus" in {
  def sub_low : SubRegIndex<32>;
  def sub_high : SubRegIndex<32, 32>;
  def sub_low_pair : SubRegIndex<64>;
  def sub_high_pair : SubRegIndex<64, 64>;
}

foreach i = 0-15 in {
  def M#i : IpuRegister<"m"#i, i>, DwarfRegNum<[i]>;
  def A#i : IpuRegister<"a"#i, i>, DwarfRegNum<[!if(!eq(i, 15), 31, !add(i, 15))]>;
}
foreach i = 0-7 in {
  def MP#i : IpuGroup<"m"#!shl(i, 1)#":"#!add(!shl(i, 1), 1), !shl(i, 1),
                      [!cast<Register>("M"#!shl(i, 1)), !cast<Register>("M"#!add(!shl(i, 1), 1))], [sub_low, sub_high]>;
  def AP#i : IpuGroup<"a"#!shl(i, 1)#":"#!add(!shl(i, 1), 1), !shl(i, 1),
                      [!cast<Register>("A"#!shl(i, 1)), !cast<Register>("A"#!add(!shl(i, 1), 1))], [sub_low, sub_high]>;
}
foreach i = 0-3 in
  def AQ#i : IpuGroup<"a"#!shl(i, 2)#":"#!add(!shl(i, 2), 3), !shl(i, 2),
                      [!cast<Register>("AP"#!shl(i, 1)), !cast<Register>("AP"#!add(!shl(i, 1), 1))],
                      [sub_low_pair, sub_high_pair]>;

def MRegs : RegisterClass<"Colossus", [i32], 32, (sequence "M%u", 0, 15)>;
def ARegs : RegisterClass<"Colossus", [f32], 32, (sequence "A%u", 0, 15)>;
def MPairs : RegisterClass<"Colossus", [v2i32], 32, (sequence "MP%u", 0, 7)>;
def APairs : RegisterClass<"Colossus", [v2f32], 32, (sequence "AP%u", 0, 7)>;
def AQuads : RegisterClass<"Colossus", [v4f32], 32, (sequence "AQ%u", 0, 3)>;
