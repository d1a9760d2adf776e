// SPDX-License-Identifier: Apache-2.0
// The CSR map: what find_csr() finds for whom, and rows against published numbers, fields and rights.
#include <gtest/gtest.h>

#include <set>

#include "ipusim/isa/csr.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::isa {
namespace {

struct Expected {
  const char* name;
  unsigned index;
  Mode mode;
  CsrAccess access;
  std::uint32_t fields;  // bits that must exist
};

constexpr CsrAccess rw = CsrAccess::read_write;
constexpr CsrAccess ro = CsrAccess::read_only;
constexpr CsrAccess wo = CsrAccess::write_only;

// Numbers and fields of the CSR maps published for Mk1 and, for the worker side, in the open library.
constexpr Expected published[]{
    {"PC", 0x00, Mode::both, ro, 0x7FFFC},
    {"DBG_DATA", 0x70, Mode::both, rw, 0xFFFFFFFF},
    {"DBG_BRK_ID", 0x71, Mode::both, ro, 1},
    {"WSR", 0x01, Mode::worker, ro, 0x2F7},
    {"VERTEX_BASE", 0x02, Mode::worker, ro, 0x7FFFC},
    {"WORKER_BASE", 0x03, Mode::worker, ro, 0x7FFFF},
    {"REPEAT_COUNT", 0x04, Mode::worker, ro, 0xFFFF},
    {"REPEAT_FIRST", 0x05, Mode::worker, ro, 0x7FFF8},
    {"REPEAT_END", 0x06, Mode::worker, ro, 0x7FFF8},
    {"COUNT_L", 0x60, Mode::worker, ro, 0xFFFFFFFF},
    {"COUNT_U", 0x61, Mode::worker, ro, 0xFFFFFFFF},
    {"FP_STS", 0x100, Mode::worker, ro, 7},
    {"FP_CLR", 0x101, Mode::worker, wo, 0xF},
    {"FP_CTL", 0x102, Mode::worker, rw, 0x1F0007},
    {"PRNG_0_0", 0x103, Mode::worker, rw, 0xFFFFFFFF},
    {"PRNG_0_1", 0x104, Mode::worker, rw, 0xFFFFFFFF},
    {"PRNG_1_0", 0x105, Mode::worker, rw, 0xFFFFFFFF},
    {"PRNG_1_1", 0x106, Mode::worker, rw, 0xFFFFFFFF},
    {"PRNG_SEED", 0x107, Mode::worker, wo, 0xFFFFFFFF},
    {"TAS", 0x108, Mode::worker, rw, 0xFFFFFFFF},
    {"FP_NFMT", 0x109, Mode::worker, rw, 0},
    {"FP_SCL", 0x10A, Mode::worker, rw, 0},
    {"SSR", 0x01, Mode::supervisor, ro, 0x2FF},
    {"CR", 0x02, Mode::supervisor, wo, 7},
    {"TILE_ID", 0x03, Mode::supervisor, ro, 0x7FF},
    {"FP_ICTL", 0x20, Mode::supervisor, rw, 0x1F0007},
    {"WORKER0_BASE", 0x21, Mode::supervisor, rw, 0x7FFFF},
    {"WORKER5_BASE", 0x26, Mode::supervisor, rw, 0x7FFFF},
    {"FP_INFMT", 0x31, Mode::supervisor, rw, 0},
    {"FP_ISCL", 0x33, Mode::supervisor, rw, 0},
    {"CCCSLOAD", 0x50, Mode::supervisor, rw, 0x7FFFF},
    {"SCOUNT_L", 0x60, Mode::supervisor, ro, 0xFFFFFFFF},
    {"SCOUNT_U", 0x61, Mode::supervisor, ro, 0xFFFFFFFF},
    {"CTXT_STS", 0x72, Mode::supervisor, ro, 0xF8003FFF},
    {"DBG_CTL", 0x73, Mode::supervisor, rw, 3},
    {"DBG_ECSR", 0x74, Mode::supervisor, rw, 0x2F},
    {"DBG_ECLR", 0x75, Mode::supervisor, wo, 0x7F},
    {"DBG_IBRK0_CTL", 0x80, Mode::supervisor, rw, 7},
    {"DBG_DBRK0_CTL", 0x90, Mode::supervisor, rw, 0x3F807F},
    {"INCOMING_MUX", 0xA0, Mode::supervisor, rw, 0x7FF},
    {"INCOMING_MUXPAIR", 0xA1, Mode::supervisor, rw, 0x7FF},
    {"INCOMING_DELTA", 0xA2, Mode::supervisor, rw, 0x7FFFC},
    {"INCOMING_FORMAT", 0xA3, Mode::supervisor, rw, 3},
    {"INCOMING_BASE", 0xA4, Mode::supervisor, rw, 0x7FFFC},
    {"INCOMING_DCOUNT", 0xA6, Mode::supervisor, rw, 0x1FFFF},
    {"OUTGOING_BASE", 0xA7, Mode::supervisor, rw, 0x7FFFC},
    {"OUTGOING_DELTA", 0xA8, Mode::supervisor, rw, 0x7FFFC},
    {"EXCHANGE_CTL", 0xA9, Mode::supervisor, rw, 0x1F},
    {"ANS_DCOUNT", 0xAA, Mode::supervisor, rw, 0x7FFFF},
    {"EXCHANGE_ADJ", 0xAB, Mode::supervisor, rw, 0x1F},
};

TEST(Csr, PublishedRegisters) {
  for (const Expected& expected : published) {
    const Mode mode = expected.mode == Mode::both ? Mode::worker : expected.mode;
    const Csr* csr = find_csr(mode, expected.name);
    ASSERT_NE(csr, nullptr) << expected.name;
    EXPECT_EQ(csr->index, expected.index) << expected.name;
    EXPECT_EQ(csr->mode, expected.mode) << expected.name;
    EXPECT_EQ(csr->access, expected.access) << expected.name;
    EXPECT_EQ(csr->mask & expected.fields, expected.fields) << expected.name;
    EXPECT_EQ(find_csr(mode, expected.index), csr) << expected.name;
  }
}

TEST(Csr, SpacesOfWorkerAndSupervisorAreSeparate) {
  EXPECT_EQ(find_csr(Mode::worker, 0x01)->name, "WSR");
  EXPECT_EQ(find_csr(Mode::supervisor, 0x01)->name, "SSR");
  EXPECT_EQ(find_csr(Mode::worker, 0x60)->name, "COUNT_L");
  EXPECT_EQ(find_csr(Mode::supervisor, 0x60)->name, "SCOUNT_L");
  EXPECT_EQ(find_csr(Mode::supervisor, "WSR"), nullptr);
  EXPECT_EQ(find_csr(Mode::worker, "SSR"), nullptr);
  EXPECT_EQ(find_csr(Mode::worker, 0xA0), nullptr);
  EXPECT_EQ(find_csr(Mode::supervisor, "FP_CTL"), nullptr);
  // A copy per context: both find it.
  EXPECT_EQ(find_csr(Mode::worker, "PC"), find_csr(Mode::supervisor, "PC"));
}

TEST(Csr, NothingWhereNothingIs) {
  EXPECT_EQ(find_csr(Mode::worker, 0xFF), nullptr);
  EXPECT_EQ(find_csr(Mode::supervisor, 0xFF), nullptr);
  EXPECT_EQ(find_csr(Mode::worker, 0x1FF), nullptr);
  EXPECT_EQ(find_csr(Mode::worker, 0x200), nullptr);
  EXPECT_EQ(find_csr(Mode::supervisor, 0xFFFFFFFFU), nullptr);
  EXPECT_EQ(find_csr(Mode::worker, "NO_SUCH_CSR"), nullptr);
  EXPECT_EQ(find_csr(Mode::worker, ""), nullptr);
}

TEST(Csr, EveryRowIsFoundAndNoOther) {
  std::set<const Csr*> seen;
  for (const Mode mode : {Mode::worker, Mode::supervisor})
    for (unsigned index = 0; index < 0x200; ++index)
      if (const Csr* csr = find_csr(mode, index)) {
        EXPECT_TRUE(csr->mode == mode || csr->mode == Mode::both) << csr->name;
        EXPECT_EQ(csr->index, index) << csr->name;
        EXPECT_EQ(find_csr(mode, csr->name), csr);
        seen.insert(csr);
      }
  EXPECT_EQ(seen.size(), all_csrs().size());
}

TEST(Csr, OnlyFp8NeedsIpu21) {
  const std::set<std::string_view> fp8{"FP_NFMT", "FP_SCL", "FP_INFMT", "FP_ISCL"};
  for (const Csr& csr : all_csrs()) {
    const bool on_ipu2 = (csr.arch_mask & static_cast<unsigned>(Arch::ipu2)) != 0;
    EXPECT_EQ(on_ipu2, !fp8.contains(csr.name)) << csr.name;
    EXPECT_EQ(csr.reset & ~csr.mask, 0U) << csr.name;
  }
}

TEST(Csr, MuxSelectsNothingAfterReset) {
  constexpr std::uint32_t null_source = 0x640;  // of Mk2
  EXPECT_EQ(find_csr(Mode::supervisor, "INCOMING_MUX")->reset, null_source);
}

// The constants are the rows of the same names.
TEST(CsrConstants, AreTheRows) {
  EXPECT_EQ(find_csr(Mode::worker, "FP_CTL")->index, csr::fp_ctl);
  EXPECT_EQ(find_csr(Mode::worker, "FP_CTL")->mask, csr_mask::fp_ctl);
  EXPECT_EQ(find_csr(Mode::worker, "WSR")->index, csr::wsr);
  EXPECT_EQ(find_csr(Mode::supervisor, "SSR")->index, csr::ssr);
  EXPECT_EQ(find_csr(Mode::supervisor, "INCOMING_MUX")->reset, csr_reset::incoming_mux);
  EXPECT_EQ(csr::fp_ctl, upper_csr_base + 2);
}

// Published fields: FP_CTL RND [18:16], ESR [19], NANOO [20]; SSR ETYPE [7:4]; WSR CTXTID_M1 [2:0].
TEST(CsrConstants, FieldsStandWherePublished) {
  EXPECT_EQ(csr_field::fp_ctl_rnd.mask(), 0x70000U);
  EXPECT_EQ(csr_field::fp_ctl_esr.mask(), 1U << 19U);
  EXPECT_EQ(csr_field::fp_ctl_nanoo.mask(), 1U << 20U);
  EXPECT_EQ(csr_field::ssr_etype.mask(), 0xF0U);
  EXPECT_EQ(csr_field::wsr_ctxtid_m1.mask(), 0x7U);
  EXPECT_EQ(csr_field::ctxt_sts_merr.mask(), 0x80000000U);
  EXPECT_EQ(csr_field::dbg_dbrk0_ctl_ctxt.mask(), 0x3F8000U);
}

TEST(CsrConstants, AFieldIsTakenAndPut) {
  EXPECT_EQ(csr_field::fp_ctl_rnd.get(0xFFFDFFFFU), 5U);
  EXPECT_EQ(csr_field::fp_ctl_rnd.put(5), 0x50000U);
  EXPECT_EQ(csr_field::fp_ctl_rnd.put(0xF), 0x70000U);  // what does not fit is lost
  constexpr CsrField whole{0, 32};
  EXPECT_EQ(whole.mask(), 0xFFFFFFFFU);
  EXPECT_EQ(whole.get(0x80000001U), 0x80000001U);
}

}  // namespace
}  // namespace ipusim::isa
