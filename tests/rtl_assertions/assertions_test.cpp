// SPDX-License-Identifier: Apache-2.0
// Modules driven against their contract: each violation must be reported, and the same drive within the
// contract not.
#include <gtest/gtest.h>
#include <verilated.h>

#include <functional>
#include <string>

#include "Vipu_a_registers.h"
#include "Vipu_accumulators.h"
#include "Vipu_coefficients.h"
#include "Vipu_m_registers.h"

namespace {

// Assertions that fail in one clock of a module driven by `drive`, all other inputs 0.
template <class Module>
int failures(const std::function<void(Module&)>& drive) {
  VerilatedContext context;
  context.errorLimit(1000);  // count instead of ending the process
  Module module(&context);
  drive(module);
  module.clk_i = 0;
  module.eval();
  module.clk_i = 1;
  testing::internal::CaptureStdout();
  module.eval();
  const std::string said = testing::internal::GetCapturedStdout();
  module.final();
  EXPECT_EQ(context.errorCount() != 0, said.find("%Error") != std::string::npos) << said;
  return context.errorCount();
}

using A = Vipu_a_registers;
using M = Vipu_m_registers;
using Accumulators = Vipu_accumulators;
using Coefficients = Vipu_coefficients;

TEST(Assertions, LanesOfABundleMustNotWriteOneArfRegister) {
  const auto drive = [](unsigned aux_pair, unsigned aux_enable) {
    return [=](A& a) {
      a.write_context_i = 1;
      a.first_enable_i = 2;
      a.first_pair_i = 3;
      a.aux_enable_i = static_cast<unsigned char>(aux_enable);
      a.aux_pair_i = static_cast<unsigned char>(aux_pair);
    };
  };
  EXPECT_EQ(failures<A>(drive(3, 1)), 0);  // the other register of the pair
  EXPECT_EQ(failures<A>(drive(2, 3)), 0);
  EXPECT_EQ(failures<A>(drive(3, 3)), 1);
}

TEST(Assertions, LoadsOfABundleMustNotFillOneArfRegister) {
  const auto drive = [](unsigned pair) {
    return [=](A& a) {
      a.write_context_i = 6;
      a.first_enable_i = 3;
      a.second_enable_i = 1;
      a.second_pair_i = static_cast<unsigned char>(pair);
    };
  };
  EXPECT_EQ(failures<A>(drive(1)), 0);
  EXPECT_EQ(failures<A>(drive(0)), 1);
}

TEST(Assertions, TheSupervisorHasNoArfRegister) {
  EXPECT_EQ(failures<A>([](A& a) { a.aux_enable_i = 1; }), 1);
}

TEST(Assertions, ReadOnlyMrfRegistersMustNotBeWritten) {
  const auto drive = [](unsigned first, unsigned second) {
    return [=](M& m) {
      m.write0_i = 1;
      m.write0_index_i = static_cast<unsigned char>(first);
      m.write1_i = 1;
      m.write1_index_i = static_cast<unsigned char>(second);
    };
  };
  EXPECT_EQ(failures<M>(drive(11, 0)), 0);
  EXPECT_EQ(failures<M>(drive(12, 0)), 1);
  EXPECT_EQ(failures<M>(drive(15, 13)), 2);
}

TEST(Assertions, OnlyWorkersHaveAccumulators) {
  const auto drive = [](unsigned context, bool zero) {
    return [=](Accumulators& a) {
      a.rst_ni = 1;
      a.write_context_i = static_cast<unsigned char>(context);
      a.write_sums_i = 1;
      a.zero_i = zero ? 1 : 0;
    };
  };
  EXPECT_EQ(failures<Accumulators>(drive(1, false)), 0);
  EXPECT_EQ(failures<Accumulators>(drive(0, false)), 1);
  EXPECT_EQ(failures<Accumulators>(drive(7, false)), 1);
  EXPECT_EQ(failures<Accumulators>(drive(2, true)), 1);  // zeroed and written
}

TEST(Assertions, WideCoefficientsStandAtEvenNumbers) {
  const auto drive = [](unsigned index) {
    return [=](Coefficients& c) {
      c.rst_ni = 1;
      c.write_i = 1;
      c.write_wide_i = 1;
      c.write_index_i = static_cast<unsigned char>(index);
    };
  };
  EXPECT_EQ(failures<Coefficients>(drive(62)), 0);
  EXPECT_EQ(failures<Coefficients>(drive(63)), 1);
}

}  // namespace
