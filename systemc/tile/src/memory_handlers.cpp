// SPDX-License-Identifier: Apache-2.0
// Plain and step loads and stores (semantics of sections "memory" in docs/isa.md; addresses in
// docs/timing.md, 4).
#include "direct.hpp"

#include <type_traits>

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;

// Checks an access of `size` bytes; notes it for the clash rules and data breaks.
template <AccessKind kind, class K>
bool check(K& k, U address, U size) {
  if (!k.memory.contains(address, size)) {
    k.fault(ExceptionCause::invalid_address, ByteAddr{address});
    return false;
  }
  if (size == 16 && !k.memory.in_region1(address)) {
    k.fault(ExceptionCause::invalid_region, ByteAddr{address});
    return false;
  }
  if (address % size != 0) {
    k.fault(ExceptionCause::misaligned_address, ByteAddr{address});
    return false;
  }
  return k.note_access(kind, address, size);
}

// What a load does with the bytes at an address: size, and the registers it writes.
struct Signed8 {
  static constexpr U size = 1;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_m(d, static_cast<U>(static_cast<std::int32_t>(k.template load<std::int8_t>(address))));
  }
};
struct Unsigned8 {
  static constexpr U size = 1;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_m(d, k.template load<std::uint8_t>(address));
  }
};
struct Signed16 {
  static constexpr U size = 2;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_m(d, static_cast<U>(static_cast<std::int32_t>(k.template load<std::int16_t>(address))));
  }
};
struct Unsigned16 {
  static constexpr U size = 2;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_m(d, k.template load<std::uint16_t>(address));
  }
};
struct Broadcast16 {
  static constexpr U size = 2;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_a(d, k.template load<std::uint16_t>(address) * 0x00010001U);
  }
};
struct Broadcast8 {
  static constexpr U size = 1;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_a(d, k.template load<std::uint8_t>(address) * 0x01010101U);
  }
};
struct WordM {
  static constexpr U size = 4;
  template <class K>
  static void load(K& k, U d, U address) {
    k.write_m(d, k.template load<U>(address));
  }
};
template <U words>
struct WordsA {
  static constexpr U size = 4 * words;
  template <class K>
  static void load(K& k, U d, U address) {
    for (U i = 0; i < words; ++i) k.write_a(d + i, k.template load<U>(address + 4 * i));
  }
};

// op0 base, op1 delta, op2 offset (register or immediate, counted in accesses), op3 destination.
template <class Data, bool immediate>
constexpr auto load = [](auto& k, const Op& o) {
  const U offset = immediate ? o.operand[2] : k.m(o.operand[2]);
  const U address = k.m(o.operand[0]) + k.m(o.operand[1]) + offset * Data::size;
  if (check<AccessKind::load>(k, address, Data::size)) Data::load(k, o.operand[3], address);
};
// op0 base, op1 address (post-incremented), op2 stride, op3 destination. Loaded data win over the increment.
template <class Data, bool immediate>
constexpr auto load_step = [](auto& k, const Op& o) {
  const U stride = immediate ? o.operand[2] : k.m(o.operand[2]);
  const U address = k.m(o.operand[0]) + k.m(o.operand[1]);
  if (!check<AccessKind::load>(k, address, Data::size)) return;
  k.write_m(o.operand[1], k.m(o.operand[1]) + stride * Data::size);
  Data::load(k, o.operand[3], address);
};

enum class Source { m, a, a_pair };
template <Source source>
using Stored = std::conditional_t<source == Source::a_pair, std::uint64_t, U>;

template <Source source, class K>
Stored<source> data_of(K& k, U n) {
  if constexpr (source == Source::m) return k.m(n);
  if constexpr (source == Source::a) return k.a(n);
  if constexpr (source == Source::a_pair) return k.a(n) | std::uint64_t{k.a(n + 1)} << 32U;
}

template <Source source, bool immediate>
constexpr auto store = [](auto& k, const Op& o) {
  constexpr U size = sizeof(Stored<source>);
  const U offset = immediate ? o.operand[2] : k.m(o.operand[2]);
  const U address = k.m(o.operand[0]) + k.m(o.operand[1]) + offset * size;
  if (check<AccessKind::store>(k, address, size)) k.store(address, data_of<source>(k, o.operand[3]));
};
template <Source source, bool immediate>
constexpr auto store_step = [](auto& k, const Op& o) {
  constexpr U size = sizeof(Stored<source>);
  const U stride = immediate ? o.operand[2] : k.m(o.operand[2]);
  const U address = k.m(o.operand[0]) + k.m(o.operand[1]);
  if (!check<AccessKind::store>(k, address, size)) return;
  k.store(address, data_of<source>(k, o.operand[3]));
  k.write_m(o.operand[1], k.m(o.operand[1]) + stride * size);
};
// stm32: op2 to op0 + 4*op1.
constexpr auto store_m_offset = [](auto& k, const Op& o) {
  const U address = k.m(o.operand[0]) + 4 * k.m(o.operand[1]);
  if (check<AccessKind::store>(k, address, 4)) k.store(address, k.m(o.operand[2]));
};
// stm32step: op2 to op1, then op1 += 4*op0.
constexpr auto store_m_step = [](auto& k, const Op& o) {
  const U address = k.m(o.operand[1]);
  if (!check<AccessKind::store>(k, address, 4)) return;
  k.store(address, k.m(o.operand[2]));
  k.write_m(o.operand[1], address + 4 * k.m(o.operand[0]));
};

}  // namespace

void add_memory_handlers(HandlerTable& t) {
  t.add(Opcode::lds8_mmmn, load<Signed8, false>);
  t.add(Opcode::lds8_mmmn_zi, load<Signed8, true>);
  t.add(Opcode::ldz8_mmmn, load<Unsigned8, false>);
  t.add(Opcode::ldz8_mmmn_zi, load<Unsigned8, true>);
  t.add(Opcode::lds16_mmmn, load<Signed16, false>);
  t.add(Opcode::lds16_mmmn_zi, load<Signed16, true>);
  t.add(Opcode::ldz16_mmmn, load<Unsigned16, false>);
  t.add(Opcode::ldz16_mmmn_zi, load<Unsigned16, true>);
  t.add(Opcode::ldb8_mman, load<Broadcast8, false>);
  t.add(Opcode::ldb8_mman_zi, load<Broadcast8, true>);
  t.add(Opcode::ldb16_mman, load<Broadcast16, false>);
  t.add(Opcode::ldb16_mman_zi, load<Broadcast16, true>);
  t.add(Opcode::ld32_mmmn, load<WordM, false>);
  t.add(Opcode::ld32_mmmn_zi, load<WordM, true>);
  t.add(Opcode::ld32_mman, load<WordsA<1>, false>);
  t.add(Opcode::ld32_mman_zi, load<WordsA<1>, true>);
  t.add(Opcode::ld64_mman, load<WordsA<2>, false>);
  t.add(Opcode::ld64_mman_zi, load<WordsA<2>, true>);
  t.add(Opcode::ld128_mman, load<WordsA<4>, false>);
  t.add(Opcode::ld128_mman_zi, load<WordsA<4>, true>);
  t.add(Opcode::lds8step_mmmn, load_step<Signed8, false>);
  t.add(Opcode::lds8step_mmmn_si, load_step<Signed8, true>);
  t.add(Opcode::ldz8step_mmmn, load_step<Unsigned8, false>);
  t.add(Opcode::ldz8step_mmmn_si, load_step<Unsigned8, true>);
  t.add(Opcode::lds16step_mmmn, load_step<Signed16, false>);
  t.add(Opcode::lds16step_mmmn_si, load_step<Signed16, true>);
  t.add(Opcode::ldz16step_mmmn, load_step<Unsigned16, false>);
  t.add(Opcode::ldz16step_mmmn_si, load_step<Unsigned16, true>);
  t.add(Opcode::ldb8step_mmbn, load_step<Broadcast8, false>);
  t.add(Opcode::ldb8step_mmbn_si, load_step<Broadcast8, true>);
  t.add(Opcode::ldb16step_mmbn, load_step<Broadcast16, false>);
  t.add(Opcode::ldb16step_mmbn_si, load_step<Broadcast16, true>);
  t.add(Opcode::ld32step_mmmn, load_step<WordM, false>);
  t.add(Opcode::ld32step_mmmn_si, load_step<WordM, true>);
  t.add(Opcode::ld32step_mmbn, load_step<WordsA<1>, false>);
  t.add(Opcode::ld32step_mmbn_si, load_step<WordsA<1>, true>);
  t.add(Opcode::ld64step_mmbn, load_step<WordsA<2>, false>);
  t.add(Opcode::ld64step_mmbn_si, load_step<WordsA<2>, true>);
  t.add(Opcode::ld128step_mmbn, load_step<WordsA<4>, false>);
  t.add(Opcode::ld128step_mmbn_si, load_step<WordsA<4>, true>);
  t.add(Opcode::st32_mmmn_zi, store<Source::m, true>);
  t.add(Opcode::st32_mbmn, store<Source::a, false>);
  t.add(Opcode::st32_mbmn_zi, store<Source::a, true>);
  t.add(Opcode::st64_mbmn, store<Source::a_pair, false>);
  t.add(Opcode::st64_mbmn_zi, store<Source::a_pair, true>);
  t.add(Opcode::st32step_mmmn_si, store_step<Source::m, true>);
  t.add(Opcode::st32step_mbmn, store_step<Source::a, false>);
  t.add(Opcode::st32step_mbmn_si, store_step<Source::a, true>);
  t.add(Opcode::st64step_mbmn, store_step<Source::a_pair, false>);
  t.add(Opcode::st64step_mbmn_si, store_step<Source::a_pair, true>);
  t.add(Opcode::stm32_mmmn, store_m_offset);
  t.add(Opcode::stm32step_mmmn, store_m_step);
}

}  // namespace ipusim::tile
