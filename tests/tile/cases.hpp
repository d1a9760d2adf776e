// SPDX-License-Identifier: Apache-2.0
// The tile's contract as test cases over any kind of tile. A suite instantiates them for its kind:
//   IPUSIM_INSTANTIATE_TILE_CASES(Fast, (TileKind{"fast", ...}))
#pragma once

#include <gtest/gtest.h>

#include <array>

#include "tile_bench.hpp"

namespace ipusim::tile::test {

class TileCase : public ::testing::TestWithParam<TileKind> {
 protected:
  Bench make_bench(bool observed = true) const { return Bench(GetParam(), observed); }
};

class AccumulatorCases : public TileCase {};
// With a watcher and without, which takes some models through ways of their own.
struct Way {
  TileKind kind;
  bool observed;
  friend void PrintTo(const Way& way, std::ostream* os) {
    *os << way.kind.name << (way.observed ? " observed" : " unobserved");
  }
};
inline std::array<Way, 2> ways(const TileKind& kind) { return {Way{kind, true}, Way{kind, false}}; }

class WayCase : public ::testing::TestWithParam<Way> {
 protected:
  Bench make_bench(TileParameters parameters = {}) const {
    return Bench(GetParam().kind, GetParam().observed, parameters);
  }
  // When the bundle at `pc` issued, where somebody watches.
  void expect_cycles_at(const Bench& bench, ByteAddr pc, const std::vector<std::uint64_t>& cycles) const {
    if (GetParam().observed) {
      EXPECT_EQ(bench.cycles_at(pc), cycles);
    }
  }
};
class AccessCases : public WayCase {};
class BreakCases : public WayCase {};
class ByteCases : public WayCase {};
class ConversionCases : public WayCase {};
class DebugCsrCases : public WayCase {};
class EngineCases : public WayCase {};
class ErrorCases : public WayCase {};
class HalfCases : public WayCase {};
class InjectionCases : public WayCase {};
class PaceCases : public WayCase {};
class QuarterCases : public WayCase {};
class RandomCases : public WayCase {};
class RemoteBreakCases : public WayCase {};
class StraddleCases : public WayCase {};

class AccessReportCases : public TileCase {};
class CoefficientCases : public TileCase {};
class AluCases : public TileCase {};
class BundleCases : public TileCase {};
class ControlCases : public TileCase {};
class ConvolutionCallCases : public TileCase {};
class CsrCases : public TileCase {};
class ExceptionCases : public TileCase {};
class FetchCases : public TileCase {};
class FloatCases : public TileCase {};
class FunctionCases : public TileCase {};
class MemoryCases : public TileCase {};
class ReceiveCases : public TileCase {};
class RepeatCases : public TileCase {};
class SendCases : public TileCase {};
class SlicingCases : public TileCase {};
class StateCases : public TileCase {};
class SupervisorTimingCases : public TileCase {};
class WorkerTimingCases : public TileCase {};

// The exception of a stop report, all fields compared.
struct ExpectedException {
  ExceptionType type;
  ExceptionCause cause;
  Context context;
  ByteAddr pc;
  std::optional<ByteAddr> data_address = std::nullopt;
  std::optional<std::uint64_t> cycle = std::nullopt;  // not compared if absent
};
void expect_exception(const StopReport& report, const ExpectedException& expected);
// The supervisor stopped at `sync zone`, nothing went wrong before.
void expect_sync(const StopReport& report, unsigned zone = 3);

}  // namespace ipusim::tile::test

#define IPUSIM_INSTANTIATE_TILE_CASES(prefix, kind)                                   \
  namespace ipusim::tile::test {                                                      \
  INSTANTIATE_TEST_SUITE_P(prefix, AccumulatorCases, ::testing::Values kind);         \
  INSTANTIATE_TEST_SUITE_P(prefix, AccessCases, ::testing::ValuesIn(ways kind));      \
  INSTANTIATE_TEST_SUITE_P(prefix, BreakCases, ::testing::ValuesIn(ways kind));       \
  INSTANTIATE_TEST_SUITE_P(prefix, ByteCases, ::testing::ValuesIn(ways kind));        \
  INSTANTIATE_TEST_SUITE_P(prefix, ConversionCases, ::testing::ValuesIn(ways kind));  \
  INSTANTIATE_TEST_SUITE_P(prefix, DebugCsrCases, ::testing::ValuesIn(ways kind));    \
  INSTANTIATE_TEST_SUITE_P(prefix, EngineCases, ::testing::ValuesIn(ways kind));      \
  INSTANTIATE_TEST_SUITE_P(prefix, RandomCases, ::testing::ValuesIn(ways kind));      \
  INSTANTIATE_TEST_SUITE_P(prefix, ErrorCases, ::testing::ValuesIn(ways kind));       \
  INSTANTIATE_TEST_SUITE_P(prefix, InjectionCases, ::testing::ValuesIn(ways kind));   \
  INSTANTIATE_TEST_SUITE_P(prefix, RemoteBreakCases, ::testing::ValuesIn(ways kind)); \
  INSTANTIATE_TEST_SUITE_P(prefix, StraddleCases, ::testing::ValuesIn(ways kind));    \
  INSTANTIATE_TEST_SUITE_P(prefix, HalfCases, ::testing::ValuesIn(ways kind));        \
  INSTANTIATE_TEST_SUITE_P(prefix, PaceCases, ::testing::ValuesIn(ways kind));        \
  INSTANTIATE_TEST_SUITE_P(prefix, QuarterCases, ::testing::ValuesIn(ways kind));     \
  INSTANTIATE_TEST_SUITE_P(prefix, AccessReportCases, ::testing::Values kind);        \
  INSTANTIATE_TEST_SUITE_P(prefix, CoefficientCases, ::testing::Values kind);         \
  INSTANTIATE_TEST_SUITE_P(prefix, AluCases, ::testing::Values kind);                 \
  INSTANTIATE_TEST_SUITE_P(prefix, BundleCases, ::testing::Values kind);              \
  INSTANTIATE_TEST_SUITE_P(prefix, ControlCases, ::testing::Values kind);             \
  INSTANTIATE_TEST_SUITE_P(prefix, ConvolutionCallCases, ::testing::Values kind);     \
  INSTANTIATE_TEST_SUITE_P(prefix, CsrCases, ::testing::Values kind);                 \
  INSTANTIATE_TEST_SUITE_P(prefix, ExceptionCases, ::testing::Values kind);           \
  INSTANTIATE_TEST_SUITE_P(prefix, FetchCases, ::testing::Values kind);               \
  INSTANTIATE_TEST_SUITE_P(prefix, FloatCases, ::testing::Values kind);               \
  INSTANTIATE_TEST_SUITE_P(prefix, FunctionCases, ::testing::Values kind);            \
  INSTANTIATE_TEST_SUITE_P(prefix, MemoryCases, ::testing::Values kind);              \
  INSTANTIATE_TEST_SUITE_P(prefix, ReceiveCases, ::testing::Values kind);             \
  INSTANTIATE_TEST_SUITE_P(prefix, RepeatCases, ::testing::Values kind);              \
  INSTANTIATE_TEST_SUITE_P(prefix, SendCases, ::testing::Values kind);                \
  INSTANTIATE_TEST_SUITE_P(prefix, SlicingCases, ::testing::Values kind);             \
  INSTANTIATE_TEST_SUITE_P(prefix, StateCases, ::testing::Values kind);               \
  INSTANTIATE_TEST_SUITE_P(prefix, SupervisorTimingCases, ::testing::Values kind);    \
  INSTANTIATE_TEST_SUITE_P(prefix, WorkerTimingCases, ::testing::Values kind);        \
  }
