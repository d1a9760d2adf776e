// SPDX-License-Identifier: Apache-2.0
// Coverage of the RTL over all models of a process, in builds with IPUSIM_RTL_COVERAGE.
#pragma once

class Vipu_tile_top;

namespace ipusim::rtl {

#ifdef IPUSIM_RTL_COVERAGE
// Adds what the model went through. When the process ends, the sum is written to
// $IPUSIM_RTL_COVERAGE_DIR/<process>.dat, if that directory is named.
void add_rtl_coverage(Vipu_tile_top& top);
#else
inline void add_rtl_coverage(Vipu_tile_top&) {}
#endif

}  // namespace ipusim::rtl
