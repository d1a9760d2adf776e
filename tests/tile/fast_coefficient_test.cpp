// SPDX-License-Identifier: Apache-2.0
// What the coefficient store holds after loads and CR.ZCWEI. No instruction reads it back, so single
// instructions of the supervisor run on a bare tile state here.
#include <gtest/gtest.h>

#include <algorithm>

#include "assembler.hpp"
#include "decoder.hpp"
#include "tile_core.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr U source = 0x80100;  // region 1, 16-aligned
constexpr U cccsload = 0x50, cr = 0x02;

std::uint64_t atom(U i) { return 0x9E3779B97F4A7C15ULL * (i + 1); }

class Store : public ::testing::Test {
 protected:
  Store() : core_({}, isa::arch_info(isa::Arch::ipu2)) {
    for (U i = 0; i < 64; ++i) core_.memory.store(source + 8 * i, atom(i));
  }
  // Executes it on the supervisor; whether it faulted.
  bool faults(Opcode opcode, std::initializer_list<U> operands) {
    const Bundle bundle = decode_bundle(encode(opcode, operands).first, 0, 0x4C100, false, isa::Arch::ipu2);
    EXPECT_TRUE(bundle.modelled);
    EXPECT_EQ(bundle.illegal.type, ExceptionType::none);
    Machine k{core_, core_.context(Context::supervisor()), core_.memory, Cycle{0}, Context::supervisor()};
    bundle.main.handler(k, bundle.main);
    return k.fx.fault.type != ExceptionType::none;
  }
  void put(U number, U value) {
    core_.context(Context::supervisor()).m[0] = value;
    EXPECT_FALSE(faults(Opcode::put_mmmn_zi, {0, number}));
  }
  U next() const { return core_.supervisor_csr(cccsload); }

  TileCore core_;
};

TEST_F(Store, IsZeroAfterReset) {
  core_.cwei.fill(1);
  core_.reset();
  EXPECT_EQ(std::count(core_.cwei.begin(), core_.cwei.end(), 0U), 64);
}

TEST_F(Store, NarrowLoadsFillOneWordEach) {
  put(cccsload, source);
  for (U i = 0; i < 64; ++i) EXPECT_FALSE(faults(Opcode::ld64putcs_mmmn_zi, {63 - i}));
  for (U i = 0; i < 64; ++i) EXPECT_EQ(core_.cwei[63 - i], atom(i)) << i;
  EXPECT_EQ(next(), source + 512);
}

TEST_F(Store, WideLoadsFillTwoWordsTheLowFirst) {
  put(cccsload, source);
  for (U i = 0; i < 64; i += 2) EXPECT_FALSE(faults(Opcode::ld128putcs_mmmn_zi, {i}));
  for (U i = 0; i < 64; ++i) EXPECT_EQ(core_.cwei[i], atom(i)) << i;
  EXPECT_EQ(next(), source + 512);
}

TEST_F(Store, AFaultLeavesStoreAndAddress) {
  for (const auto& [opcode, index, address] : {std::tuple{Opcode::ld64putcs_mmmn_zi, 64U, source},
                                               std::tuple{Opcode::ld64putcs_mmmn_zi, 0U, source + 4},
                                               std::tuple{Opcode::ld64putcs_mmmn_zi, 0U, 0xE8000U},
                                               std::tuple{Opcode::ld128putcs_mmmn_zi, 3U, source},
                                               std::tuple{Opcode::ld128putcs_mmmn_zi, 64U, source},
                                               std::tuple{Opcode::ld128putcs_mmmn_zi, 0U, source + 8},
                                               std::tuple{Opcode::ld128putcs_mmmn_zi, 0U, 0x60000U}}) {
    put(cccsload, address);
    EXPECT_TRUE(faults(opcode, {index})) << index << ' ' << address;
    EXPECT_EQ(next(), address);
    EXPECT_EQ(std::count(core_.cwei.begin(), core_.cwei.end(), 0U), 64);
  }
}

TEST_F(Store, ZcweiZeroesItAndNothingElse) {
  put(cccsload, source);
  EXPECT_FALSE(faults(Opcode::ld128putcs_mmmn_zi, {62}));
  put(cr, 3);  // LC_CLR, LC_SET
  EXPECT_EQ(core_.cwei[63], atom(1));
  EXPECT_TRUE(core_.local_condition);
  put(cr, 4);
  EXPECT_EQ(std::count(core_.cwei.begin(), core_.cwei.end(), 0U), 64);
  EXPECT_TRUE(core_.local_condition);
  EXPECT_EQ(next(), source + 16);
}

}  // namespace
}  // namespace ipusim::tile::test
