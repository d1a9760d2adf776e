// SPDX-License-Identifier: Apache-2.0
// Instructions with several memory accesses: triple-packed addresses with paces, delta loads, and the
// supervisor's loads of the coefficient store (docs/timing.md, 4).
#include <array>
#include <span>

#include "direct.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;

struct Access {
  U address;
  U size;
  AccessKind kind = AccessKind::load;
};

// Checks all accesses of an instruction, or raises what is wrong with the first that has the gravest fault:
// outside memory, misaligned, or in the memory element of one before it. Notes them for the clash rules
// and data breaks.
template <class K>
bool check(K& k, std::span<const Access> accesses) {
  for (const Access& access : accesses)
    if (!k.memory.contains(access.address, access.size)) {
      k.fault(ExceptionCause::invalid_address, ByteAddr{access.address});
      return false;
    }
  for (const Access& access : accesses)
    if (access.address % access.size != 0) {
      k.fault(ExceptionCause::misaligned_address, ByteAddr{access.address});
      return false;
    }
  for (std::size_t i = 0; i < accesses.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (k.memory.same_element(accesses[i].address, accesses[j].address)) {
        k.fault(ExceptionCause::element_conflict, ByteAddr{accesses[i].address});
        return false;
      }
  bool goes_on = true;
  for (const Access& access : accesses) {
    goes_on = k.note_access(access.kind, access.address, access.size) && goes_on;
  }
  return goes_on;
}

template <class K>
void load_pair(K& k, U d, U address) {
  k.write_a(d, k.template load<U>(address));
  k.write_a(d + 1, k.template load<U>(address + 4));
}

// ---- Three addresses in a register pair

using isa::address_bits;
using isa::address_mask;
constexpr U third_low_bits = 32 - address_bits;  // of the third address, in the low register

using Triple = std::array<U, 3>;

constexpr Triple unpack(U low, U high) {
  return {low & address_mask, high & address_mask,
          (low >> address_bits | (high >> address_bits) << third_low_bits) & address_mask};
}
template <class K>
void write_packed(K& k, U d, const Triple& t) {
  k.write_m(d, t[0] | t[2] << address_bits);
  // Bit 31 is written 0 (docs/provenance.md).
  k.write_m(d + 1, t[1] | ((t[2] & address_mask) >> third_low_bits) << address_bits);
}

// Selector 0: one unit on. 1..3: as many as the signed 10-bit field of the stride register says.
constexpr U paced(U address, U selector, U strides, U unit) {
  U count = 1;
  if (selector != 0) {
    constexpr U field_bits = 10;
    constexpr U sign = 1U << (field_bits - 1U);
    const U field = (strides >> (field_bits * (selector - 1U))) & ((1U << field_bits) - 1U);
    count = (field ^ sign) - sign;
  }
  return (address + unit * count) & address_mask;
}

constexpr auto tapack = [](auto& k, const Op& o) {
  const Triple t{k.m(o.operand[0]) & address_mask, k.m(o.operand[1]) & address_mask,
                 k.m(o.operand[2]) & address_mask};
  write_packed(k, o.operand[3], t);
};

// Destinations that overlap, where writing means anything.
constexpr bool overlap(U first, U first_count, U second, U second_count) {
  return first < writable_a && first < second + second_count && second < first + first_count;
}

// op0 strides, op1 addresses, op2 pair from the first address, op3 from the second: a pair, a word, or a half
// twice.
enum class Second { pair, word, half };
template <Second second>
constexpr auto load2_pace = [](auto& k, const Op& o) {
  constexpr U size = second == Second::pair ? 8 : second == Second::word ? 4 : 2;
  const U first_d = o.operand[2];
  const U second_d = o.operand[3];
  if (overlap(first_d, 2, second_d, second == Second::pair ? 2 : 1)) {
    k.fault(ExceptionCause::overlapping_destinations);
    return;
  }
  const U strides = k.m(o.operand[0]);
  Triple t = unpack(k.m(o.operand[1]), k.m(o.operand[1] + 1));
  const std::array<Access, 2> accesses{{{t[0], 8}, {t[1], size}}};
  if (!check(k, accesses)) return;
  load_pair(k, first_d, t[0]);
  if constexpr (second == Second::pair) load_pair(k, second_d, t[1]);
  if constexpr (second == Second::word) k.write_a(second_d, k.template load<U>(t[1]));
  if constexpr (second == Second::half)
    k.write_a(second_d, k.template load<std::uint16_t>(t[1]) * 0x00010001U);
  t[0] = paced(t[0], o.operand[4] & 3U, strides, 8);
  t[1] = paced(t[1], (o.operand[4] >> 2U) & 3U, strides, size);
  write_packed(k, o.operand[1], t);
};

template <class K>
std::uint64_t pair_of(K& k, U n) {
  return k.a(n) | std::uint64_t{k.a(n + 1)} << 32U;
}

// op2 destination, op3 source.
constexpr auto load_store_pace = [](auto& k, const Op& o) {
  const U strides = k.m(o.operand[0]);
  Triple t = unpack(k.m(o.operand[1]), k.m(o.operand[1] + 1));
  const std::array<Access, 2> accesses{{{t[0], 8}, {t[2], 8, AccessKind::store}}};
  if (!check(k, accesses)) return;
  const std::uint64_t stored = pair_of(k, o.operand[3]);
  load_pair(k, o.operand[2], t[0]);
  k.store(t[2], stored);
  t[0] = paced(t[0], o.operand[4] & 3U, strides, 8);
  t[2] = paced(t[2], (o.operand[4] >> 2U) & 3U, strides, 8);
  write_packed(k, o.operand[1], t);
};
// op2 destination quad, op3 source pair.
constexpr auto load2_store_pace = [](auto& k, const Op& o) {
  const U strides = k.m(o.operand[0]);
  Triple t = unpack(k.m(o.operand[1]), k.m(o.operand[1] + 1));
  const std::array<Access, 3> accesses{{{t[0], 8}, {t[1], 8}, {t[2], 8, AccessKind::store}}};
  if (!check(k, accesses)) return;
  const std::uint64_t stored = pair_of(k, o.operand[3]);
  load_pair(k, o.operand[2], t[0]);
  load_pair(k, o.operand[2] + 2, t[1]);
  k.store(t[2], stored);
  for (U i = 0; i < t.size(); ++i) t[i] = paced(t[i], (o.operand[4] >> (2U * i)) & 3U, strides, 8);
  write_packed(k, o.operand[1], t);
};
// op2 selector (bits above 1 ignored), op3 source.
constexpr auto store_pace = [](auto& k, const Op& o) {
  Triple t = unpack(k.m(o.operand[1]), k.m(o.operand[1] + 1));
  const std::array<Access, 1> accesses{{{t[2], 8, AccessKind::store}}};
  if (!check(k, accesses)) return;
  k.store(t[2], pair_of(k, o.operand[3]));
  t[2] = paced(t[2], o.operand[2] & 3U, k.m(o.operand[0]), 8);
  write_packed(k, o.operand[1], t);
};

// ---- Delta loads: the data's address is base + a 16-bit delta, and the next delta is loaded beside

enum class Delta { word, pair, half };
// op0 base, op1 where the next delta stands (post-incremented), op2 delta, op3 destination.
template <Delta data>
constexpr auto delta_load = [](auto& k, const Op& o) {
  constexpr U size = data == Delta::pair ? 8 : data == Delta::word ? 4 : 2;
  const U address = k.m(o.operand[0]) + (k.m(o.operand[2]) & 0xFFFFU);
  const U next = k.m(o.operand[1]);
  const std::array<Access, 2> accesses{{{address, size}, {next, 2}}};
  if (!check(k, accesses)) return;
  if constexpr (data == Delta::pair) load_pair(k, o.operand[3], address);
  if constexpr (data == Delta::word) k.write_a(o.operand[3], k.template load<U>(address));
  if constexpr (data == Delta::half)
    k.write_a(o.operand[3], k.template load<std::uint16_t>(address) * 0x00010001U);
  k.write_m(o.operand[1], next + 2);
  k.write_m(o.operand[2], k.template load<std::uint16_t>(next));
};
// The delta is the upper half; the next word of two deltas comes in.
constexpr auto high_delta_load = [](auto& k, const Op& o) {
  const U address = k.m(o.operand[0]) + (k.m(o.operand[2]) >> 16U);
  const U next = k.m(o.operand[1]);
  const std::array<Access, 2> accesses{{{address, 4}, {next, 4}}};
  if (!check(k, accesses)) return;
  k.write_a(o.operand[3], k.template load<U>(address));
  k.write_m(o.operand[1], next + 4);
  k.write_m(o.operand[2], k.template load<U>(next));
};
// op2 delta (kept), op3 quad whose first register is kept: a word by the delta, a pair from op1.
constexpr auto low_delta_and_pair = [](auto& k, const Op& o) {
  const U address = k.m(o.operand[0]) + (k.m(o.operand[2]) & 0xFFFFU);
  const U pair = k.m(o.operand[1]);
  const std::array<Access, 2> accesses{{{address, 4}, {pair, 8}}};
  if (!check(k, accesses)) return;
  k.write_a(o.operand[3] + 1, k.template load<U>(address));
  load_pair(k, o.operand[3] + 2, pair);
  k.write_m(o.operand[1], pair + 8);
};
// op0 base, op1 four-bit steps (shifted out), op2 two deltas: the low one sparse, the high one dense; op3
// pair.
constexpr auto two_delta_halves = [](auto& k, const Op& o) {
  const U steps = k.m(o.operand[1]);
  const U deltas = k.m(o.operand[2]);
  const U sparse = deltas & 0xFFFFU;
  const U dense = deltas >> 16U;
  const std::array<Access, 2> accesses{{{k.m(o.operand[0]) + sparse, 2}, {k.m(o.operand[0]) + dense, 2}}};
  if (!check(k, accesses)) return;
  for (U i = 0; i < 2; ++i)
    k.write_a(o.operand[3] + i, k.template load<std::uint16_t>(accesses[i].address) * 0x00010001U);
  k.write_m(o.operand[2], ((sparse + 2 * (steps & 15U)) & 0xFFFFU) | (dense + 2) << 16U);
  k.write_m(o.operand[1], steps >> 4U);
};

// ---- The coefficient store. The supervisor has no bundles, so a load that does not fault acts at once.

template <U words>
void load_coefficients(Machine& k, const Op& o) {
  const U index = o.operand[0];
  if (index + words > k.core.cwei.size() || index % words != 0) {
    k.fault(ExceptionCause::invalid_coefficient_index);
    return;
  }
  const U address = k.core.supervisor_csr(isa::csr::cccsload);
  constexpr U size = 8 * words;
  if (words == 2 && k.memory.contains(address, size) && !k.memory.in_region1(address)) {
    k.fault(ExceptionCause::invalid_region, ByteAddr{address});
    return;
  }
  const std::array<Access, 1> accesses{{{address, size}}};
  if (!check(k, accesses)) return;
  for (U i = 0; i < words; ++i) k.core.cwei[index + i] = k.load<std::uint64_t>(address + 8 * i);
  k.core.set_supervisor_csr(isa::csr::cccsload, (address + size) & address_mask);
}

}  // namespace

void add_pace_handlers(HandlerTable& t) {
  t.add(Opcode::tapack_mmmn, tapack);
  t.add(Opcode::ld2x64pace_mmbn_ef, load2_pace<Second::pair>);
  t.add(Opcode::ld64a32pace_mmbn_ef, load2_pace<Second::word>);
  t.add(Opcode::ld64b16pace_mmbn_ef, load2_pace<Second::half>);
  t.add(Opcode::ldst64pace_mbbn_ef, load_store_pace);
  t.add(Opcode::ld2xst64pace_mbbn_ef, load2_store_pace);
  t.add(Opcode::st64pace_mbmn_ef, store_pace);
  t.add(Opcode::ldd16a32_mmbn, delta_load<Delta::word>);
  t.add(Opcode::ldd16a64_mmbn, delta_load<Delta::pair>);
  t.add(Opcode::ldd16b16_mmbn, delta_load<Delta::half>);
  t.add(Opcode::ldd16v2a32_mmbn, high_delta_load);
  t.add(Opcode::ld64a32_mmbn, low_delta_and_pair);
  t.add(Opcode::ldb16b16_mmbn, two_delta_halves);
  t.add(Opcode::ld64putcs_mmmn_zi, load_coefficients<1>);
  t.add(Opcode::ld128putcs_mmmn_zi, load_coefficients<2>);
}

}  // namespace ipusim::tile
