// SPDX-License-Identifier: Apache-2.0
#include "sv_emitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include "decode_tree.hpp"
#include "layout.hpp"
#include "names.hpp"
#include "sv_case_items.hpp"

namespace ipusim::isagen {
namespace {

std::string enumerator(const InstructionSpec& spec) { return "OP_" + upper_case(spec.id); }

// As functions of the package must spell it: Yosys looks up plain names where the function is called.
std::string scoped_name(const InstructionSpec& spec) { return "ipu_isa_pkg::" + enumerator(spec); }
constexpr std::string_view invalid_op = "ipu_isa_pkg::OP_INVALID";

bool reachable(isa::Mode mode, isa::Mode who) { return mode == isa::Mode::both || mode == who; }

std::string emit_opcodes(const Model& model) {
  std::string out =
      "  // Numbered as ipusim::isa::Opcode.\n  typedef enum logic [8:0] {\n    OP_INVALID = 9'd0";
  for (std::size_t i = 0; i < model.instructions.size(); ++i)
    out += fmt::format(",\n    {} = 9'd{}", enumerator(model.instructions[i]), i + 1);
  return out + "\n  } opcode_e;\n";
}

// Case selector and label of the bits a mask leaves to decide, runs of bits from the left.
struct Selector {
  std::string expression;
  std::string label;
};

Selector select_bits(std::uint32_t mask, std::uint32_t match) {
  Selector selector;
  std::string digits;
  for (int bit = word_bits - 1; bit >= 0;) {
    const auto is_set = [mask](int b) { return b >= 0 && ((mask >> b) & 1U) != 0; };
    if (!is_set(bit)) {
      --bit;
      continue;
    }
    const int high = bit;
    for (; is_set(bit); --bit) digits += ((match >> bit) & 1U) != 0 ? '1' : '0';
    selector.expression += selector.expression.empty() ? "" : ", ";
    selector.expression +=
        high == bit + 1 ? fmt::format("word[{}]", high) : fmt::format("word[{}:{}]", high, bit + 1);
  }
  selector.expression = "{" + selector.expression + "}";
  selector.label = fmt::format("{}'b{}", digits.size(), digits);
  return selector;
}

// Body of one bucket: an assignment, or a case statement per group. Cases over fixed bits, not one casez with
// wildcards, which Yosys takes minutes to expand.
std::string emit_bucket(const DecodeBucket& bucket, std::string_view function) {
  std::string out;
  for (const auto& [mask, group] : bucket) {
    const std::uint32_t rest = mask & ~(bucket_bits << bucket_shift);
    if (rest == 0) return fmt::format("{} = {};", function, scoped_name(*group.front()));
    out += fmt::format("          case ({})\n", select_bits(rest, 0).expression);
    for (const InstructionSpec* spec : group)
      out += fmt::format("            {}: {} = {};\n", select_bits(rest, spec->match).label, function,
                         scoped_name(*spec));
    out += "            default: ;\n          endcase\n";
  }
  return "begin\n" + out + "        end";
}

std::string emit_decoder(const Model& model, isa::Mode who) {
  const std::string function = fmt::format("decode_{}", to_string(who));
  const auto buckets =
      make_decode_buckets(model, [who](const InstructionSpec& spec) { return reachable(spec.mode, who); });
  CaseItems items;
  for (std::size_t number = 0; number < buckets.size(); ++number)
    if (!buckets[number].empty())
      items.add(fmt::format("7'h{:02x}", number), emit_bucket(buckets[number], function));
  return fmt::format(
             "  // The instruction a first word encodes for the {}; OP_INVALID if there is none in that "
             "mode.\n"
             "  function automatic opcode_e {}(input logic [31:0] word);\n"
             "    {} = {};\n"
             "    case (word[30:24])\n",
             to_string(who), function, function, invalid_op) +
         items.text() + "      default: ;\n    endcase\n  endfunction\n";
}

std::string emit_flags(const Model& model) {
  CaseItems items;
  for (const InstructionSpec& spec : model.instructions) {
    const std::array<bool, 12> flags{spec.lane == isa::Lane::aux,
                                     spec.coissue,
                                     spec.control,
                                     spec.system,
                                     spec.load,
                                     spec.store,
                                     reachable(spec.mode, isa::Mode::worker),
                                     reachable(spec.mode, isa::Mode::supervisor),
                                     spec.rtl,
                                     spec.patterns.size() > 1,
                                     spec.timed,
                                     spec.outward};
    std::string bits = fmt::format("{:03b}", spec.arch_mask);
    for (const bool flag : flags) bits += flag ? '1' : '0';
    items.add(scoped_name(spec), fmt::format("op_flags = 15'b{};", bits));
  }
  return "  typedef struct packed {\n"
         "    logic [2:0] arch;     // exists on ipu21, ipu2, ipu1; bits as in ipusim::isa::Arch\n"
         "    logic aux;            // lane; 0 = main\n"
         "    logic coissue;        // may be half of a bundle\n"
         "    logic control;\n"
         "    logic system;\n"
         "    logic load;\n"
         "    logic store;\n"
         "    logic worker_ok;\n"
         "    logic supervisor_ok;\n"
         "    logic modelled;       // executed by the RTL tile\n"
         "    logic two_words;\n"
         "    logic timed;          // takes events of the exchange\n"
         "    logic outward;        // acts on more than its context and memory: not injected\n"
         "  } op_flags_t;\n\n"
         "  function automatic op_flags_t op_flags(input opcode_e op);\n"
         "    case (op)\n" +
         items.text() +
         "      default:\n        op_flags = 15'b0;\n"
         "    endcase\n  endfunction\n";
}

std::string emit_thread_cycles(const Model& model) {
  CaseItems items;
  for (const InstructionSpec& spec : model.instructions)
    if (spec.thread_cycles != 1)
      items.add(scoped_name(spec), fmt::format("op_thread_cycles = 4'd{};", spec.thread_cycles));
  return "  // Worker issues an instruction takes.\n"
         "  function automatic logic [3:0] op_thread_cycles(input opcode_e op);\n"
         "    case (op)\n" +
         items.text() + "      default:\n        op_thread_cycles = 4'd1;\n    endcase\n  endfunction\n";
}

// The register fields of a word, from the left.
// used.
constexpr std::array<unsigned, 4> port_lsb{20, 16, 12, 4};

std::string port_bits(const InstructionSpec& spec, unsigned lsb) {
  for (const OperandSpec& operand : spec.operands) {
    const unsigned span = register_span(operand.cls);
    if (span == 0 || (operand.slices.front().word_lsb & ~3U) != lsb) continue;
    return fmt::format("{:b}{:b}{:b}{:02b}", operand.direction != isa::Direction::out,
                       operand.direction != isa::Direction::in, is_aux_register(operand.cls),
                       static_cast<unsigned>(std::countr_zero(span)));
  }
  return "00000";
}

std::string emit_ports(const Model& model) {
  CaseItems items;
  for (const InstructionSpec& spec : model.instructions) {
    std::string bits;
    for (const unsigned lsb : port_lsb) bits += (bits.empty() ? "" : "_") + port_bits(spec, lsb);
    if (bits.find('1') != std::string::npos)
      items.add(scoped_name(spec), fmt::format("op_ports = 20'b{};", bits));
  }
  return "  // What an instruction does with the register named by one field of its word.\n"
         "  typedef struct packed {\n"
         "    logic       read;\n"
         "    logic       write;\n"
         "    logic       aux;   // register file; 0 = MRF\n"
         "    logic [1:0] span;  // log2 of the registers: single, pair, quad; the field must be aligned to "
         "it\n"
         "  } op_port_t;\n"
         "  typedef struct packed {\n"
         "    op_port_t f23_20;\n"
         "    op_port_t f19_16;\n"
         "    op_port_t f15_12;\n"
         "    op_port_t f7_4;\n"
         "  } op_ports_t;\n\n"
         "  function automatic op_ports_t op_ports(input opcode_e op);\n"
         "    case (op)\n" +
         items.text() + "      default:\n        op_ports = 20'b0;\n    endcase\n  endfunction\n";
}

struct Field {
  std::string name;  // of the extracting function
  std::string bits;  // concatenation, most significant first
  unsigned width;
};

// Slices with the most significant value bits first.
std::vector<isa::BitSlice> by_significance(const OperandSpec& operand) {
  std::vector<isa::BitSlice> slices = operand.slices;
  std::sort(slices.begin(), slices.end(),
            [](const isa::BitSlice& a, const isa::BitSlice& b) { return a.value_lsb > b.value_lsb; });
  return slices;
}

Field field_of(const OperandSpec& operand) {
  Field field{operand.slices.front().word == 0 ? "field" : "second", "", operand.width};
  unsigned next = operand.width;
  for (const isa::BitSlice& slice : by_significance(operand)) {
    const unsigned high = slice.word_lsb + slice.width - 1U;
    field.name += fmt::format("_{}_{}", high, slice.word_lsb);
    field.bits += fmt::format("{}word[{}:{}]", field.bits.empty() ? "" : ", ", high, slice.word_lsb);
    next = slice.value_lsb;
  }
  if (next != 0) field.bits += fmt::format(", {}'b0", next);
  return field;
}

std::string emit_fields(const Model& model) {
  std::map<std::string, Field> fields;
  for (const InstructionSpec& spec : model.instructions)
    for (const OperandSpec& operand : spec.operands) {
      const Field field = field_of(operand);
      fields.emplace(field.name, field);
    }
  std::string out =
      "  // Operand fields, named by the word bits they gather, most significant first; second_* take the "
      "second\n"
      "  // word of a two-word instruction.\n";
  for (const auto& [name, field] : fields)
    out += fmt::format(
        "  function automatic logic [{}:0] {}(input logic [31:0] word);\n    {} = {{{}}};\n  endfunction\n",
        field.width - 1, name, name, field.bits);
  return out;
}

// Expression of the 32-bit value an operand stands for, from its field.
std::string value_expression(const OperandSpec& operand) {
  const Field field = field_of(operand);
  const auto pad = [](unsigned width) { return width == 0 ? std::string() : fmt::format("{}'b0, ", width); };
  using isa::OperandClass;
  switch (operand.cls) {
    case OperandClass::signed_immediate: {
      const isa::BitSlice top = by_significance(operand).front();
      return fmt::format("{{{{{}{{word[{}]}}}}, {}}}", word_bits - field.width, top.word_lsb + top.width - 1U,
                         field.bits);
    }
    case OperandClass::high_immediate:
      return fmt::format("{{{}, 20'b0}}", field.bits);
    case OperandClass::rel19s2:
      return "{11'b0, word[18:0], 2'b0}";
    case OperandClass::run:
      return fmt::format("{{{}{}, 2'b0}}", pad(30 - field.width), field.bits);
    default:
      return fmt::format("{{{}{}}}", pad(static_cast<unsigned>(word_bits) - field.width), field.bits);
  }
}

std::string emit_immediate(const Model& model) {
  CaseItems items;
  for (const InstructionSpec& spec : model.instructions) {
    const auto is_value = [](const OperandSpec& operand) { return register_span(operand.cls) == 0; };
    if (std::count_if(spec.operands.begin(), spec.operands.end(), is_value) != 1) continue;
    const auto operand = std::find_if(spec.operands.begin(), spec.operands.end(), is_value);
    items.add(scoped_name(spec), fmt::format("op_immediate = {};", value_expression(*operand)));
  }
  return "  // The 32-bit value of the only value operand (extended; byte address or byte offset for "
         "branches and\n"
         "  // run), as ipusim::isa::Operand::value; 0 for instructions with none or several.\n"
         "  function automatic logic [31:0] op_immediate(input opcode_e op, input logic [31:0] word);\n"
         "    case (op)\n" +
         items.text() + "      default:\n        op_immediate = 32'b0;\n    endcase\n  endfunction\n";
}

std::string emit_csr_constants(const Model& model) {
  std::string out =
      "  // CSR numbers (upper-space CSRs: 0x100 + number in uget/uput), existing bits, reset values.\n";
  for (const CsrSpec& csr : model.csrs) {
    out += fmt::format(
        "  localparam logic [8:0] CSR_{0} = 9'h{1:03x};\n"
        "  localparam logic [31:0] CSR_{0}_MASK = 32'h{2:08x};\n"
        "  localparam logic [31:0] CSR_{0}_RESET = 32'h{3:08x};\n",
        csr.name, csr.index, csr.mask, csr.reset);
    for (const FieldSpec& field : csr.fields)
      out += fmt::format(
          "  localparam int unsigned CSR_{0}_{1}_LSB = {2};\n  localparam int unsigned CSR_{0}_{1}_WIDTH = "
          "{3};\n",
          csr.name, field.name, field.low, field.high - field.low + 1);
  }
  return out;
}

std::string emit_csr_info(const Model& model) {
  CaseItems items;
  for (const CsrSpec& csr : model.csrs) {
    const std::string body =
        fmt::format("csr_info = 6'b{:03b}{:b}{:b}{:b};", csr.arch_mask, csr.access != CsrAccess::read_only,
                    csr.access != CsrAccess::write_only, csr.rtl);
    if (reachable(csr.mode, isa::Mode::worker)) items.add(fmt::format("10'h{:03x}", csr.index), body);
    if (reachable(csr.mode, isa::Mode::supervisor))
      items.add(fmt::format("10'h{:03x}", csr.index + 0x200), body);
  }
  return "  typedef struct packed {\n"
         "    logic [2:0] arch;  // exists on ipu21, ipu2, ipu1\n"
         "    logic writable;\n"
         "    logic readable;  // otherwise it reads as 0\n"
         "    logic modelled;  // held by the RTL tile\n"
         "  } csr_info_t;\n\n"
         "  // All zero for a CSR that does not exist in that mode.\n"
         "  function automatic csr_info_t csr_info(input logic supervisor, input logic [8:0] index);\n"
         "    case ({supervisor, index})\n" +
         items.text() + "      default:\n        csr_info = 6'b0;\n    endcase\n  endfunction\n";
}

std::string emit_zones(const Model& model) {
  std::string out = "  // Zones of sync, by operand.\n";
  CaseItems own;
  for (const ZoneSpec& zone : model.zones) {
    out += fmt::format("  localparam logic [3:0] ZONE_{} = 4'd{};\n", upper_case(zone.name), zone.operand);
    if (zone.scope == SyncScope::tile)
      own.add("ipu_isa_pkg::ZONE_" + upper_case(zone.name), "zone_of_one_tile = 1'b1;");
  }
  return out +
         "  // Whether no other tile takes part.\n"
         "  function automatic logic zone_of_one_tile(input logic [3:0] zone);\n    case (zone)\n" +
         own.text() + "      default:\n        zone_of_one_tile = 1'b0;\n    endcase\n  endfunction\n";
}

// Numbers of hazards (bits of masks) and their codes in ERERR.
std::string emit_hazards(const Model& model) {
  std::string out = "  // Hazards: bits in masks of kinds, codes in ERERR.\n";
  for (const HazardSpec& hazard : model.hazards) {
    if (hazard.code == 0) continue;
    out += fmt::format(
        "  localparam int unsigned HAZARD_{0} = {1};\n  localparam logic [2:0] ERERR_{0} = 3'd{2};\n",
        upper_case(hazard.name), hazard.number, hazard.code);
  }
  return out;
}

unsigned arch_bit(std::string_view name) {
  const isa::Arch arch = name == "ipu1"   ? isa::Arch::ipu1
                         : name == "ipu2" ? isa::Arch::ipu2
                                          : isa::Arch::ipu21;
  return static_cast<unsigned>(arch);
}

std::string emit_constants(const Model& model) {
  std::string out = fmt::format(
      "  // Memory maps, byte addresses of ADDRESS_BITS bits.\n  localparam int unsigned ADDRESS_BITS = "
      "{};\n",
      model.common.address_bits);
  for (const ArchSpec& arch : model.architectures) {
    const std::array<std::pair<std::string_view, std::uint32_t>, 5> values{
        {{"MEMORY_BASE", arch.memory_base},
         {"REGION1_BASE", arch.region1_base},
         {"MEMORY_END", arch.memory_end},
         {"ELEMENT_BYTES", arch.element_bytes},
         {"REPEAT_COUNT_MASK", arch.repeat_count_mask}}};
    for (const auto& [name, value] : values)
      out +=
          fmt::format("  localparam logic [31:0] {}_{} = 32'h{:08x};\n", upper_case(arch.name), name, value);
  }
  out +=
      "\n  typedef struct packed {\n"
      "    logic [2:0]  arch;  // one bit, as in op_flags_t\n"
      "    logic [31:0] memory_base;\n"
      "    logic [31:0] region1_base;\n"
      "    logic [31:0] memory_end;\n"
      "    logic [31:0] repeat_count_mask;\n"
      "  } arch_info_t;\n\n"
      "  function automatic arch_info_t arch_info(input logic [2:0] arch);\n"
      "    case (arch)\n";
  for (const ArchSpec& arch : model.architectures) {
    out += fmt::format(
        "      3'd{0}:\n"
        "        arch_info = {{3'd{0}, ipu_isa_pkg::{1}_MEMORY_BASE, ipu_isa_pkg::{1}_REGION1_BASE,\n"
        "                     ipu_isa_pkg::{1}_MEMORY_END, ipu_isa_pkg::{1}_REPEAT_COUNT_MASK}};\n",
        arch_bit(arch.name), upper_case(arch.name));
  }
  out += "      default:\n        arch_info = '0;\n    endcase\n  endfunction\n";
  out += "\n  // Cycle costs and delays, tile clock cycles.\n";
  for (const TimingSpec& timing : model.timing)
    out += fmt::format("  localparam int unsigned T_{} = {};\n", upper_case(timing.name), timing.value);
  return out;
}

}  // namespace

std::string SvEmitter::emit(const Model& model) const {
  return fmt::format(
      "// Generated by isagen from isa/*.isa and isa/*.yaml.\n"
      "// verilator lint_off UNUSEDPARAM\n"
      "// verilator lint_off UNUSEDSIGNAL\n"
      "package ipu_isa_pkg;\n\n"
      "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n"
      "endpackage\n"
      "// verilator lint_on UNUSEDSIGNAL\n"
      "// verilator lint_on UNUSEDPARAM\n",
      emit_opcodes(model), emit_decoder(model, isa::Mode::worker), emit_decoder(model, isa::Mode::supervisor),
      emit_flags(model), emit_thread_cycles(model), emit_ports(model), emit_fields(model),
      emit_immediate(model), emit_csr_constants(model), emit_csr_info(model), emit_zones(model),
      emit_hazards(model), emit_constants(model));
}

}  // namespace ipusim::isagen
