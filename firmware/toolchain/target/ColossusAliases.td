// SPDX-License-Identifier: Apache-2.0
// Other spellings of instructions. The last argument says whether the disassembler prints them (1) or not (0).
class Alias<string text, dag result, int printed> : InstAlias<text, result, printed>;

def : Alias<"nop", (setzi_mmmn_zi M14, 0), 1>;
let Predicates = [InWorkerMode] in {
  def : Alias<"fnop", (setzi_aaan_zi A13, 0), 1>;
  def : Alias<"zero $d", (or_aaan AR:$d, A15, A15), 1>;
  def : Alias<"zero $d", (or64_aaan ARPair:$d, AP7, AP7), 1>;
  def : Alias<"mov $d, $s", (or_aaan_zi AR:$d, AR:$s, 0), 1>;
  def : Alias<"mov $d, $s", (or_aaan_iz AR:$d, AR:$s, 0), 2>;
  def : Alias<"mov $d, $s", (or64_aaan ARPair:$d, ARPair:$s, AP7), 1>;
  def : Alias<"mov $d, $s", (atom_mamn MR:$d, AR:$s), 1>;
  def : Alias<"get $d, $csr", (uget_aaan_zi AR:$d, imm8zi:$csr), 0>;
  def : Alias<"put $csr, $s", (uput_aaan_zi AR:$s, imm8zi:$csr), 0>;
  def : Alias<"swap16 $d, $s", (roll16_aaan AR:$d, AR:$s, AR:$s), 1>;
  def : Alias<"f16v4sisov2amp $op0, $op1, $op2, $op3",
              (f16v4sisoamp_aaan_ef ARPair:$op0, ARPair:$op1, ARPair:$op2, imm6zi:$op3), 0>;
  def : Alias<"f16v4sisov2slic $op0, $op1, $op2, $op3",
              (f16v4sisoslic_aaan_ef ARPair:$op0, ARPair:$op1, ARPair:$op2, imm6zi:$op3), 0>;
}
def : Alias<"zero $d", (or_mmmn MR:$d, M15, M15), 1>;
def : Alias<"mov $d, $s", (or_mmmn_zi MR:$d, MR:$s, 0), 1>;
def : Alias<"mov $d, $s", (or_mmmn_iz MR:$d, MR:$s, 0), 2>;
def : Alias<"swap16 $d, $s", (roll16_mmmn MR:$d, MR:$s, MR:$s), 1>;
def : Alias<"movnz $d, $c, $s", (movz_mmmn MR:$d, MR:$c, MR:$s), 1>;
def : Alias<"strap", (put_mmmn_zi M15, 255), 0>;

// s and z at the end of a mnemonic pick one of its two immediate forms.
foreach name = ["add", "cmpeq", "max", "min"] in {
  def : Alias<name#"s $d, $s, $n", (!cast<Instruction>(name#"_mmmn_si") MR:$d, MR:$s, imm16si:$n), 0>;
  def : Alias<name#"z $d, $s, $n", (!cast<Instruction>(name#"_mmmn_zi") MR:$d, MR:$s, imm16zi:$n), 0>;
}
def : Alias<"subs $d, $n, $s", (sub_mmmn_si MR:$d, MR:$s, imm16si:$n), 0>;
def : Alias<"subz $d, $n, $s", (sub_mmmn_zi MR:$d, MR:$s, imm16zi:$n), 0>;
