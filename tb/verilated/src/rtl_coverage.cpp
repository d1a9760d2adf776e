// SPDX-License-Identifier: Apache-2.0
#include "rtl_coverage.hpp"

#include <unistd.h>
#include <verilated.h>
#include <verilated_cov.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "Vipu_tile_top.h"
#include "Vipu_tile_top__Syms.h"
#include "Vipu_tile_top___024root.h"

namespace ipusim::rtl {
namespace {

class Sum {
 public:
  ~Sum() {
    const char* directory = std::getenv("IPUSIM_RTL_COVERAGE_DIR");
    if (directory == nullptr || counts_.empty()) return;
    // A model of its own knows what the counters stand for.
    VerilatedContext context;
    Vipu_tile_top top(&context, "tile");
    auto& counters = top.rootp->vlSymsp->__Vcoverage;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      counters[i] = static_cast<std::uint32_t>(
          std::min<std::uint64_t>(counts_[i], std::numeric_limits<std::uint32_t>::max()));
    }
    context.coveragep()->write((std::string{directory} + "/" + std::to_string(getpid()) + ".dat").c_str());
  }
  void add(Vipu_tile_top& top) {
    const auto& counters = top.rootp->vlSymsp->__Vcoverage;
    const std::lock_guard lock(mutex_);
    counts_.resize(std::size(counters));
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += counters[i];
  }

 private:
  std::mutex mutex_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

void add_rtl_coverage(Vipu_tile_top& top) {
  static Sum sum;
  sum.add(top);
}

}  // namespace ipusim::rtl
