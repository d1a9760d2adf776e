// SPDX-License-Identifier: Apache-2.0
// Operand classes of isa/*.isa. Where several forms of a mnemonic take a literal, the matcher tries their classes in
// the alphabetical order of these definitions: signed, then zero-extended, then high.

// --- registers
def MR : RegisterOperand<MRegs>;
def AR : RegisterOperand<ARegs>;
def MRPair : RegisterOperand<MPairs>;
def ARPair : RegisterOperand<APairs>;
def ARQuad : RegisterOperand<AQuads>;

class BroadcastOperand<string suffix> : Operand<f32> {
  let ParserMatchClass = !cast<AsmOperandClass>("Broadcast"#suffix);
  let MIOperandInfo = (ops ARegs);
  let DecoderMethod = "DecodeARegsRegisterClass";
  let PrintMethod = "printBroadcast"#suffix;
}
foreach suffix = ["B", "BL", "BU"] in
  def Broadcast#suffix : AsmOperandClass {
    let Name = "Broadcast"#suffix;
    let PredicateMethod = "isBroadcast"#suffix;
    let RenderMethod = "addRegOperands";
  }
def ARBroadcast : BroadcastOperand<"B">;
def ARBroadcastLower : BroadcastOperand<"BL">;
def ARBroadcastUpper : BroadcastOperand<"BU">;

// --- numbers
class NumberClass<string name, string predicate> : AsmOperandClass {
  let Name = name;
  let PredicateMethod = predicate;
  let RenderMethod = "addNumberOperands";
}
class NumberOperand<string match, string print> : Operand<i32> {
  let ParserMatchClass = !cast<AsmOperandClass>(match);
  let EncoderMethod = "encodeNumber";
  let PrintMethod = print;
}

foreach width = [8, 11, 16] in
  def NumberA_Signed#width : NumberClass<"Signed"#width, "isSigned<"#width#">">;
foreach width = [1, 2, 3, 4, 6, 7, 8, 12, 13, 14, 16, 18, 19] in
  def NumberB_Unsigned#width : NumberClass<"Unsigned"#width, "isUnsigned<"#width#">">;
def NumberC_High12 : NumberClass<"High12", "isHigh12">;
foreach width = [8, 16, 19, 20] in
  def Symbolic#width : NumberClass<"Symbolic"#width, "isSymbolic<"#width#">">;
def SymbolicRun : NumberClass<"SymbolicRun", "isSymbolic<16>">;

foreach width = [8, 11, 16] in
  def imm#width#si : NumberOperand<"NumberA_Signed"#width, "printSigned"> {
    let DecoderMethod = "decodeSigned<"#width#">";
  }
foreach width = [1, 2, 3, 4, 6, 7, 8, 12, 13, 14, 16, 18, 19] in
  def imm#width#zi : NumberOperand<"NumberB_Unsigned"#width, "printUnsigned">;
def imm12iz : NumberOperand<"NumberC_High12", "printUnsigned"> {
  let EncoderMethod = "encodeHigh12";
  let DecoderMethod = "decodeHigh12";
}

// --- numbers or symbols: the encoder leaves a fixup where there is a symbol
class SymbolicOperand<string match, string fixup, string print> : NumberOperand<match, print> {
  let EncoderMethod = "encodeSymbolic<Fixup::"#fixup#">";
}
def Rel8 : SymbolicOperand<"Symbolic8", "abs8", "printUnsigned">;
def Rel16 : SymbolicOperand<"Symbolic16", "abs16", "printUnsigned">;
def Rel20 : SymbolicOperand<"Symbolic20", "abs20", "printUnsigned">;
def Rel19S2 : SymbolicOperand<"Symbolic19", "abs19_s2", "printBranchTarget">;
def Rel20S2 : SymbolicOperand<"Symbolic20", "abs19_s2", "printBranchTarget">;  // of `call`
def RunOffset : SymbolicOperand<"SymbolicRun", "run", "printUnsigned">;
