// SPDX-License-Identifier: Apache-2.0
// Exceptions and hazards against the published numbers, and the rules between causes and types.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "ipusim/isa/exceptions.hpp"
#include "ipusim/isa/hazards.hpp"

namespace ipusim::isa {
namespace {

// ETYPE of SSR and WSR, as the published constants have it.
TEST(Exceptions, TypesAreNumberedAsPublished) {
  const char* const published[]{"none",
                                "rbrk",
                                "pbrk0",
                                "pbrk1",
                                "break_on_sync",
                                "floating_point",
                                "conflict",
                                "exchange_configuration",
                                "invalid_address",
                                "invalid_operation",
                                "invalid_pc",
                                "data_break",
                                "invalid_instruction",
                                "exchange_error",
                                "memory_error",
                                "instruction_break"};
  ASSERT_EQ(exception_types.size(), std::size(published));
  for (std::size_t number = 0; number < std::size(published); ++number) {
    EXPECT_EQ(name_of(static_cast<ExceptionType>(number)), published[number]);
    EXPECT_EQ(static_cast<std::size_t>(exception_types[number].type), number);
  }
}

// CTXT_STS shows 2 for what a debugger asked for: RBRK, PBRK0, PBRK1, IBRK, DBRK and BOS.
TEST(Exceptions, Breaks) {
  std::set<std::string> breaks;
  for (const ExceptionTypeInfo& type : exception_types)
    if (is_break(type.type)) breaks.emplace(type.name);
  EXPECT_EQ(breaks, (std::set<std::string>{"rbrk", "pbrk0", "pbrk1", "break_on_sync", "data_break",
                                           "instruction_break"}));
}

// docs/timing.md, 2, 6 and 8, and the published pairs of condition and ETYPE.
TEST(Exceptions, EveryCauseBelongsToOneType) {
  using enum ExceptionCause;
  const std::pair<ExceptionCause, unsigned> pairs[]{{floating_point, 5},
                                                    {misaligned_address, 8},
                                                    {invalid_address, 8},
                                                    {invalid_region, 8},
                                                    {element_conflict, 6},
                                                    {misaligned_pc, 10},
                                                    {invalid_pc, 10},
                                                    {illegal_instruction, 12},
                                                    {illegal_in_mode, 12},
                                                    {illegal_bundle, 12},
                                                    {illegal_in_repeat, 12},
                                                    {overlapping_destinations, 9},
                                                    {invalid_csr, 9},
                                                    {read_only_csr, 9},
                                                    {invalid_coefficient_index, 9},
                                                    {invalid_worker_pc, 9},
                                                    {misaligned_vertex_base, 9},
                                                    {workers_active, 9},
                                                    {exchange_address, 7},
                                                    {invalid_engine_flags, 9},
                                                    {instruction_break, 15},
                                                    {data_break, 11},
                                                    {break_on_sync, 4},
                                                    {remote_break, 1},
                                                    {memory_error, 14},
                                                    {exchange_error, 13},
                                                    {unimplemented_instruction, 12},
                                                    {unimplemented_csr, 9},
                                                    {exchange_format, 7}};
  EXPECT_EQ(exception_causes.size(), std::size(pairs) + 2);  // none and trap
  for (const auto& [cause, number] : pairs) {
    EXPECT_EQ(static_cast<unsigned>(type_of(cause)), number) << name_of(cause);
    for (const ExceptionTypeInfo& type : exception_types)
      EXPECT_EQ(belongs(cause, type.type), static_cast<unsigned>(type.type) == number) << name_of(cause);
  }
}

// A trap with an odd operand is PBRK1.
TEST(Exceptions, ATrapPicksItsType) {
  for (const ExceptionTypeInfo& type : exception_types) {
    const bool pbrk = type.type == ExceptionType::pbrk0 || type.type == ExceptionType::pbrk1;
    EXPECT_EQ(belongs(ExceptionCause::trap, type.type), pbrk) << type.name;
  }
}

TEST(Exceptions, NumbersThatAreNone) {
  EXPECT_EQ(name_of(static_cast<ExceptionCause>(exception_causes.size() - 1)), "exchange_format");
  EXPECT_EQ(name_of(static_cast<ExceptionCause>(exception_causes.size())), "unknown");
  EXPECT_EQ(name_of(static_cast<ExceptionType>(16)), "unknown");
  EXPECT_EQ(name_of(static_cast<HazardKind>(hazards.size())), "unknown");
}

// ERERR: 1 clash with an instruction, 2 with a fetch, 3 address, 4 workers active; published.
TEST(Hazards, CodesAndFinders) {
  EXPECT_EQ(info_of(HazardKind::clash_with_access).code, 1U);
  EXPECT_EQ(info_of(HazardKind::clash_with_fetch).code, 2U);
  EXPECT_EQ(info_of(HazardKind::receive_address).code, 3U);
  EXPECT_EQ(info_of(HazardKind::live_workers).code, 4U);
  EXPECT_EQ(info_of(HazardKind::wrong_direction).code, 0U);
  EXPECT_EQ(info_of(HazardKind::receive_incomplete).code, 0U);
  for (const HazardInfo& hazard : hazards) {
    EXPECT_EQ(info_of(hazard.kind).name, hazard.name);
    const bool between_tiles =
        hazard.kind == HazardKind::wrong_direction || hazard.kind == HazardKind::wrong_format ||
        hazard.kind == HazardKind::bus_conflict || hazard.kind == HazardKind::pair_conflict;
    EXPECT_EQ(hazard.found_by == HazardFinder::chip, between_tiles);
  }
}

// The keys of configs/README.md.
TEST(Hazards, PoliciesOfSystemFiles) {
  EXPECT_EQ(info_of(HazardKind::clash_with_access).policy, "clash");
  EXPECT_EQ(info_of(HazardKind::clash_with_fetch).policy, "clash");
  EXPECT_EQ(info_of(HazardKind::live_workers).policy, "live_workers");
  EXPECT_EQ(info_of(HazardKind::receive_address).policy, "receive_address");
  EXPECT_EQ(info_of(HazardKind::wrong_direction).policy, "wrong_direction");
  EXPECT_EQ(info_of(HazardKind::receive_incomplete).policy, "receive_incomplete");
  EXPECT_EQ(info_of(HazardKind::wrong_format).policy, "wrong_format");
  EXPECT_EQ(info_of(HazardKind::bus_conflict).policy, "bus_conflict");
  EXPECT_EQ(info_of(HazardKind::pair_conflict).policy, "pair_conflict");
}

}  // namespace
}  // namespace ipusim::isa
