// SPDX-License-Identifier: Apache-2.0
// Random workers.
#include <algorithm>

#include "choice.hpp"
#include "faults.hpp"
#include "ipusim/isa/csr.hpp"
#include "ipusim/random/scenario.hpp"
#include "memory_gadgets.hpp"

namespace ipusim::random {
namespace {

using isa::Instruction;
using isa::Opcode;

constexpr std::uint32_t bytes_per_worker = 256;

// As get, put, uget and uput name it.
constexpr std::uint32_t number_of(unsigned csr) { return csr % isa::upper_csr_base; }

class Generator {
 public:
  Generator(const WorkerLayout& layout, std::uint64_t seed, const Weights& weights)
      : arch_(layout.arch),
        has_quarters_(usable(*isa::find_csr(isa::Mode::worker, "FP_SCL"), layout.arch)),
        places_{layout.data.value(), layout.wide_data.value(), &isa::arch_info(layout.arch)},
        weights_(weights),
        choice_(seed),
        careless_(choice_.one_in(12) ? 40 : 4000),
        crosses_elements_(layout.crosses_elements),
        code_(layout.code),
        main_(isa::Lane::main, false, weights, layout.arch),
        aux_(isa::Lane::aux, false, weights, layout.arch) {
    for (const Instruction& i : isa::all_instructions()) {
      if (!usable(i, arch_) || i.mode == isa::Mode::supervisor || !(i.load || i.store)) continue;
      (family_of(i) == Family::pace ? several_ : accesses_).push_back(&i);
    }
  }

  Sequence make() {
    prologue();
    if (crosses_elements_) across_elements();
    const std::uint32_t blocks = 3 + pick(4);
    const std::uint32_t fault_in = one_in(4) ? pick(blocks) : blocks;
    for (std::uint32_t i = 0; i < blocks; ++i) block(i == fault_in);
    code_.add(Opcode::exitz_mmmn, {pick(16)});
    return std::move(code_);
  }
  Sequence make_faulty() {
    prologue();
    set_fp_control(pick(32), 1 + pick(7));
    one_in(2) ? some_instructions() : fault();
    some_instructions();
    fault();
    code_.add(Opcode::exitz_mmmn, {pick(16)});
    return std::move(code_);
  }

 private:
  std::uint32_t pick(std::uint32_t n) { return choice_.pick(n); }
  bool one_in(std::uint32_t n) { return choice_.one_in(n); }
  bool drawn(Family family, std::uint32_t in) { return pick(10 * in) < weights_[family]; }

  void prologue() {
    code_.add(Opcode::get_mmmn_zi, {0, number_of(isa::csr::wsr)});
    code_.add(Opcode::shl_mmmn_zi, {1, 0, 8});
    static_assert(bytes_per_worker == 1U << 8U);
    code_.set_m(role::data, places_.data);
    code_.set_m(role::wide_data, places_.wide_data);
    code_.set_m(role::offset, 16 * pick(4));
    set_quarter_control();
    const bool traps = one_in(6);
    set_fp_control(pick(32), traps ? pick(8) : 0);
    code_.add(Opcode::ld128_mman_zi, {role::wide_data, 1, 0, 0});
    code_.add(Opcode::uput_aaan_zi, {3, number_of(isa::csr::prng_seed)});
    code_.add(Opcode::ld128_mman_zi, {role::wide_data, 1, 1, 4});
    code_.set_m(role::delta, 16 * pick(64));
    for (const std::uint32_t m : {0U, 2U, 3U, 4U, 5U, 6U}) {
      code_.add(Opcode::ld32_mmmn_zi, {role::wide_data, 1, 8 + m, m});
    }
  }

  // RND, ESR and NANOO; and which flags trap.
  void set_fp_control(std::uint32_t modes, std::uint32_t traps) {
    const std::uint32_t a = pick(8);
    code_.add(Opcode::setzi_aaan_zi, {a, (modes & 15U) << 16U | traps});
    if ((modes & 16U) != 0) code_.add(Opcode::or_aaan_iz, {a, a, 0x100000});
    code_.add(Opcode::uput_aaan_zi, {a, number_of(isa::csr::fp_ctl)});
  }

  // Formats and scale of f8: mostly small, so that results are neither zero nor beyond the range.
  void set_quarter_control() {
    if (!has_quarters_) return;
    for (const unsigned csr : {isa::csr::fp_nfmt, isa::csr::fp_scl}) {
      const std::uint32_t a = pick(8);
      code_.add(Opcode::setzi_aaan_zi, {a, one_in(2) ? choice_.bits() & 0xFFFFFU : (pick(9) - 4) & 0x3FU});
      code_.add(Opcode::uput_aaan_zi, {a, number_of(csr)});
    }
  }

  std::uint32_t instruction(const Pool& pool) {
    const Instruction& i = pool.draw(choice_);
    if (i.load || i.store) return random_access(choice_, i, careless_);
    return isa::encode(i, choice_.operands_for(i))[0];
  }
  std::uint32_t main() { return instruction(main_); }
  // An aux instruction that may stand beside this one.
  std::uint32_t aux_beside(std::uint32_t main) {
    std::uint32_t aux = instruction(aux_);
    while ((written_a(main) & written_a(aux)) != 0) aux = instruction(aux_);
    return aux;
  }
  void bundle(Place place = Place::anywhere) {
    const std::uint32_t first = main();
    code_.add_bundle(first, aux_beside(first), place);
  }
  // An f16 in either half: infinity, NaN, the smallest normal number, the largest denormals, zero.
  void special_halves() {
    static constexpr std::uint32_t halves[] = {0x7C00, 0xFC00, 0x7E00, 0x0400, 0x03F0, 0x83F0, 0x8000, 0};
    const std::uint32_t a = pick(8);
    code_.add(Opcode::setzi_aaan_zi, {a, choice_.of(halves)});
    code_.add(Opcode::or_aaan_iz, {a, a, choice_.of(halves) << 16U});
  }
  // The same as an f32 each; all have zeros below.
  void special_singles() {
    static constexpr std::uint32_t singles[] = {0x7F800000, 0xFF800000, 0x7FC00000, 0x00800000,
                                                0x00100000, 0x80300000, 0x80000000, 0};
    code_.add(Opcode::or_aaan_iz, {pick(8), role::zero, choice_.of(singles)});
  }
  // Values of the corners do not last: what is calculated from them is ordinary soon.
  void refresh() {
    if (one_in(3)) {
      const bool singles = one_in(2);
      for (std::uint32_t i = 0; i < 4; ++i) singles ? special_singles() : special_halves();
    } else if (one_in(2)) {
      code_.set_m(pick(7), choice_.corner());
    } else {
      code_.add(Opcode::ld64_mman_zi, {role::wide_data, role::zero, pick(256), 2 * pick(4)});
    }
  }
  void some_instructions() {
    const std::uint32_t n = 1 + pick(8);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (one_in(4)) refresh();
      if (one_in(2)) {
        // Those of repeats lie on rows: half of all lie across two.
        bundle(one_in(3) ? Place::anywhere : Place::odd_word);
      } else {
        code_.add_word(one_in(2) ? main() : instruction(aux_));
      }
    }
  }

  // The bundles of the body follow. Its first one must lie on 8 bytes.
  void begin_repeat(std::uint32_t bundles) {
    const std::uint32_t count = one_in(8) ? 0 : 1 + pick(4);
    const bool by_register = one_in(3);
    if (by_register) code_.set_m(0, count | (one_in(2) ? 0xFFFF0000U : 0));
    const isa::Words rpt =
        isa::encode(isa::instruction(by_register ? Opcode::rpt_mmmn_zi : Opcode::rpt_mmmn_zi_zi),
                    std::array{by_register ? 0 : count, bundles - 1});
    if (one_in(3)) {
      code_.add_words(rpt, 1, Place::odd_word);
    } else {
      code_.add_bundle(rpt[0], instruction(aux_), Place::row);
    }
  }
  void repeat() {
    const std::uint32_t bundles = 1 + pick(3);
    begin_repeat(bundles);
    for (std::uint32_t i = 0; i < bundles; ++i) bundle();
  }

  void pace(bool bad) {
    if (several_.empty()) return;
    const Instruction& i = *choice_.of(std::span<const Instruction* const>{several_});
    std::uint32_t word = prepare_pace(choice_, code_, i, places_, bad);
    const bool many = i.mnemonic.find("pace") != std::string_view::npos;
    if (many && one_in(2)) {
      begin_repeat(1);
      code_.add_bundle(word, aux_beside(word));
      return;
    }
    const std::uint32_t n = many ? 1 + pick(4) : 1;
    for (std::uint32_t k = 0; k < n; ++k) {
      if (one_in(2)) {
        code_.add_bundle(word, aux_beside(word));
      } else {
        code_.add_word(word);
      }
    }
  }

  void border(bool bad) {
    add_border_access(choice_, code_, *choice_.of(std::span<const Instruction* const>{accesses_}),
                      *places_.map, bad);
  }

  void csr_access() {
    static constexpr unsigned read[] = {isa::csr::count_l,    isa::csr::count_u,      isa::csr::wsr,
                                        isa::csr::pc,         isa::csr::repeat_count, isa::csr::repeat_first,
                                        isa::csr::repeat_end, isa::csr::vertex_base,  isa::csr::worker_base,
                                        isa::csr::dbg_data,   isa::csr::dbg_brk_id};
    static constexpr unsigned upper[] = {isa::csr::fp_sts,    isa::csr::fp_ctl,   isa::csr::prng_0_0,
                                         isa::csr::prng_0_1,  isa::csr::prng_1_0, isa::csr::prng_1_1,
                                         isa::csr::prng_seed, isa::csr::tas,      isa::csr::fp_clr};
    if (has_quarters_ && one_in(4)) set_quarter_control();
    switch (pick(5)) {
      case 0:
        read_csr(number_of(choice_.of(read)));
        break;
      case 3:
        write_mailbox();
        break;
      case 1:
        set_fp_control(pick(32), 0);
        break;
      case 2:
        upper_access(isa::Opcode::uget_aaan_zi, choice_.of(upper));
        break;
      default: {
        static constexpr unsigned written[] = {isa::csr::prng_0_0, isa::csr::prng_0_1,  isa::csr::prng_1_0,
                                               isa::csr::prng_1_1, isa::csr::prng_seed, isa::csr::tas,
                                               isa::csr::fp_clr};
        upper_access(isa::Opcode::uput_aaan_zi, choice_.of(written));
      }
    }
  }
  static std::uint32_t uget(std::uint32_t a) {
    return isa::encode(isa::instruction(Opcode::uget_aaan_zi), std::array{a, number_of(isa::csr::fp_sts)})[0];
  }
  void read_csr(std::uint32_t number) {
    const isa::Words get =
        isa::encode(isa::instruction(Opcode::get_mmmn_zi), std::array{choice_.written_m(), number});
    switch (pick(3)) {
      case 0:
        code_.add_word(get[0]);
        break;
      case 1:
        code_.add_bundle(get[0], uget(pick(16)));
        break;
      default:
        code_.add_bundle(get[0], instruction(aux_));
    }
  }
  void write_mailbox() {
    const isa::Words put = isa::encode(isa::instruction(Opcode::put_mmmn_zi),
                                       std::array{pick(7), number_of(isa::csr::dbg_data)});
    if (one_in(2)) {
      code_.add_word(put[0]);
    } else {
      code_.add_bundle(put[0], instruction(aux_));
    }
  }
  void upper_access(Opcode opcode, unsigned csr) {
    const isa::Words word = isa::encode(isa::instruction(opcode), std::array{pick(16), number_of(csr)});
    const std::uint32_t first = main();
    if (one_in(2) && (written_a(first) & written_a(word[0])) == 0) {
      code_.add_bundle(first, word[0]);
    } else {
      code_.add_word(word[0]);
    }
  }

  // Forward over one part, or not.
  void skip() {
    static constexpr Opcode branches[] = {Opcode::brz_mmmn_zi, Opcode::brnz_mmmn_zi, Opcode::brneg_mmmn_zi,
                                          Opcode::brpos_mmmn_zi, Opcode::brnzdec_mmmn_zi};
    const std::uint32_t tested = one_in(3) ? role::zero : pick(7);
    const std::uint32_t target = code_.next_label() + 2;
    switch (pick(6)) {
      case 0:
        code_.add_branch(Opcode::bri_mmmn_zi, {}, target);
        break;
      case 1:
        code_.add_branch(Opcode::call_mmmn_zi, {pick(7)}, target);
        break;
      case 2: {
        const isa::Words branch = isa::encode(isa::instruction(choice_.of(branches)), std::array{tested, 0U});
        code_.add_bundle(branch[0], one_in(4) ? uget(pick(16)) : instruction(aux_));
        code_.parts().back().target = target;
        break;
      }
      case 3: {
        // Two instructions on, by register.
        code_.add_branch(Opcode::call_mmmn_zi, {3}, code_.next_label() + 1);
        code_.add(Opcode::add_mmmn_zi, {3, 3, 8});
        code_.add(Opcode::br_mmmn, {3});
        return;
      }
      default:
        code_.add_branch(choice_.of(branches), {tested}, target);
        break;
    }
    code_.add_word(main());
  }

  void maybe_exit() {
    static constexpr Opcode exits[] = {Opcode::exitz_mmmn, Opcode::exitnz_mmmn, Opcode::exitneg_mmmn,
                                       Opcode::exitpos_mmmn};
    code_.add_branch(Opcode::brnz_mmmn_zi, {pick(7)}, code_.next_label() + 2);
    code_.add(choice_.of(exits), {pick(16)});
  }

  // Writes an instruction a few words ahead and runs into it.
  void modify_code() {
    if (one_in(2)) return modify_bundle();
    store_ahead(one_in(2) ? nop_word() : instruction(aux_), 1 + pick(7));
    for (std::uint32_t i = 0; i < 7; ++i) code_.add_word(nop_word());
  }
  // The same with half a bundle.
  void modify_bundle() {
    const std::uint32_t lone = pick(2), half = pick(2);
    const std::uint32_t word = half == 0 ? main() : instruction(aux_);
    store_ahead(word | coissue_bit, 1 + lone + 2 * pick(3) + half);
    if (lone != 0) code_.add_word(nop_word());
    for (std::uint32_t i = 0; i < 3; ++i) code_.add_bundle(nop_word(), fnop_word());
  }
  // As many words behind the store.
  void store_ahead(std::uint32_t word, std::uint32_t ahead) {
    code_.set_m(0, word);
    code_.add_branch(Opcode::call_mmmn_zi, {3}, code_.next_label() + 1);
    code_.add(Opcode::st32_mmmn_zi, {3, role::zero, ahead, 0});
  }

  // A bundle in two elements, over the rest of the first one.
  void across_elements() {
    code_.add_branch(Opcode::bri_mmmn_zi, {}, code_.next_label() + 1);
    const std::uint32_t first = main();
    code_.add_bundle(first, aux_beside(first), Place::element_end);
  }

  // In the first of as many passes.
  void border_in_repeat() {
    border(true);
    const std::uint32_t word = code_.parts().back().words[0];
    code_.parts().pop_back();
    begin_repeat(1);
    code_.add_bundle(word, fnop_word());
  }

  void fault() {
    switch (pick(5)) {
      case 4:
        border_in_repeat();
        break;
      case 0:
        border(true);
        break;
      case 1:
        pace(true);
        break;
      default:
        add_fault(choice_, code_, isa::Mode::worker, *places_.map);
    }
  }

  void block(bool with_fault) {
    code_.add(Opcode::setzi_mmmn_zi, {role::counter, one_in(4) ? pick(4) : 0});
    const std::uint32_t loop = code_.next_label();
    some_instructions();
    if (drawn(Family::control, 2)) repeat();
    if (drawn(Family::control, 2)) skip();
    if (drawn(Family::control, 5)) maybe_exit();
    if (drawn(Family::control, 20)) modify_code();
    if (drawn(Family::pace, 1)) pace(false);
    if (drawn(Family::memory, 4)) border(false);
    if (drawn(Family::csr, 1)) csr_access();
    if (with_fault) fault();
    some_instructions();
    code_.add_branch(Opcode::brnzdec_mmmn_zi, {role::counter}, loop);
  }

  isa::Arch arch_;
  bool has_quarters_;
  DataPlaces places_;
  Weights weights_;
  Choice choice_;
  std::uint32_t careless_;
  bool crosses_elements_;
  Sequence code_;
  Pool main_;
  Pool aux_;
  std::vector<const Instruction*> accesses_;  // of one access
  std::vector<const Instruction*> several_;
};

}  // namespace

Sequence make_worker(const WorkerLayout& layout, std::uint64_t seed, const Weights& weights) {
  return Generator(layout, seed, weights).make();
}

Sequence make_faulty_worker(const WorkerLayout& layout, std::uint64_t seed, const Weights& weights) {
  return Generator(layout, seed, weights).make_faulty();
}

std::vector<std::uint32_t> make_data(std::size_t words, std::uint64_t seed) {
  static constexpr std::uint32_t special[] = {
      0,          0x80000000, 1,          0x80000001, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF,
      0x7F800000, 0xFF800000, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0x3F800000, 0x477FF000};
  static constexpr std::uint32_t special_half[] = {0,      0x8000, 1,      0x03FF, 0x0400, 0x8400, 0x7BFF,
                                                   0xFBFF, 0x7C00, 0xFC00, 0x7E00, 0x7C01, 0x3C00, 0xBC00};
  Choice choice(seed);
  const auto half = [&]() -> std::uint32_t {
    if (choice.one_in(3)) return choice.of(special_half);
    // Powers of two from end to end: sums beside a tie.
    if (choice.one_in(8)) return (choice.bits() & 0x8000U) | (1 + choice.pick(30)) << 10U;
    return (choice.bits() & 0x83FFU) | (10 + choice.pick(10)) << 10U;
  };
  std::vector<std::uint32_t> data(words);
  for (std::uint32_t& word : data) {
    switch (choice.pick(11)) {
      case 0:
        word = choice.bits();
        break;
      case 1:
      case 8:
        word = choice.of(special);
        break;
      case 2:
      case 3:
      case 9:
      case 10:
        word = half() | half() << 16U;
        break;
      case 4:
      case 5:  // few bits, or few missing: where rounding is decided far below
        word = (choice.bits() & 0x80000000U) | (100 + choice.pick(54)) << 23U | 1U << choice.pick(23);
        if (choice.one_in(3)) word ^= 0x7FFFFFU;
        break;
      default:  // ordinary floats, near enough to each other to cancel
        word = (choice.bits() & 0x807FFFFFU) | (120 + choice.pick(16)) << 23U;
    }
  }
  return data;
}

}  // namespace ipusim::random
