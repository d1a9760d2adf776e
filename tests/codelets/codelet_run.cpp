// SPDX-License-Identifier: Apache-2.0
#include "codelet_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr std::uint64_t release = 600;  // a turn of slot 0

std::string driver(const std::string& name, CodeletBench::Vertex vertex, std::uint32_t fp_control) {
  const std::string launch = vertex == CodeletBench::Vertex::workers
                                 ? "    runall $m1, $m0, 0\n    sync 2\n"
                                 : fmt::format("    call $m10, {}\n", name);
  return fmt::format(R"(
    .worker
leave_sums:                  # beyond f16, for the next vertex to find in its accumulators
    setzi $a0, 0x7BFF
    setzi $a1, 0x7BFF
    setzi $a2, 0x7BFF
    setzi $a3, 0x7BFF
    f16v8acc $a0:3
    f16v8acc $a0:3
    exitz $mzero
    .supervisor
    .globl _start, state
_start:
    setzi $m0, state
    setzi $m1, leave_sums
    runall $m1, $m0, 0
    sync 2
    setzi $m0, {}
    put $FP_ICTL, $m0
    setzi $m0, state
    setzi $m1, {}
    sync 3
{}    sync 3
    .data
    .p2align 3
state: .space 64
)",
                     fp_control, name, launch);
}

}  // namespace

std::array<std::uint32_t, 4> buffers_of(isa::Arch arch) {
  const isa::ArchInfo& map = isa::arch_info(arch);
  std::array<std::uint32_t, 4> all{};
  for (std::uint32_t i = 0; i < all.size(); ++i) all.at(i) = map.region1_base + 2 * i * map.element_bytes;
  return all;
}

CodeletBench::CodeletBench(const std::string& name, Vertex vertex, const TileKind& kind,
                           std::uint32_t fp_control, isa::Arch arch)
    : tile_(kind.make({TileId{0}, arch})) {
  const std::filesystem::path firmware = std::filesystem::path{IPUSIM_SOURCE_DIR} / "firmware";
  toolchain::AssemblerOptions options;
  options.arch = arch;
  toolchain::LinkOptions link_options;
  link_options.arch = arch;
  options.include_dirs = {firmware / "runtime"};
  const auto linked =
      toolchain::link({toolchain::assemble_text(driver(name, vertex, fp_control), "driver.s", options),
                       toolchain::assemble(firmware / "codelets" / (name + ".S"), options)},
                      link_options);
  tile_->reset();
  tile_->attach(&exchange_);
  tile_->attach(&counter_);
  for (const auto& segment : linked.image.segments)
    toolchain::write_segment(segment, [&](ByteAddr address, std::span<const std::uint8_t> bytes) {
      tile_->write_memory(address, std::as_bytes(bytes));
    });
  entry_ = linked.image.entry;
  state_ = ByteAddr{linked.image.symbol("state").value};
}

Cycle CodeletBench::to_sync(Cycle limit) {
  const tile::StopReport stop = tile_->advance(limit);
  if (stop.reason != tile::StopReason::sync)
    throw std::runtime_error(fmt::format("no sync before cycle {}: exception cause {} at {:#x}",
                                         limit.value(), static_cast<unsigned>(stop.exception.cause),
                                         stop.exception.pc.value()));
  return stop.cycle;
}

std::uint64_t CodeletBench::run(const std::vector<std::uint32_t>& state) {
  write(state_.value(), state);
  tile_->start(entry_, Cycle{0});
  to_sync(Cycle{release});
  counter_.bundles = {};
  tile_->release_sync(Cycle{release});
  return to_sync(Cycle{100'000'000}).value() - release;
}

std::uint64_t worker_vertex_cycles(std::uint64_t bundles) {
  using namespace isa::timing;
  const std::uint64_t last_exit = launch + (slots - 1) + slots * (bundles - 1);  // of worker 5
  const std::uint64_t sync_issue =
      launch + slots * (bundles - 1) + exit_return;  // in the slot worker 0 gives back
  return std::max(last_exit, sync_issue) + sync_local;
}

std::uint64_t engine_vertex_cycles(std::uint64_t loads, std::uint64_t bundles) {
  using namespace isa::timing;
  return supervisor_branch + supervisor_result + supervisor_put + loads + worker_vertex_cycles(bundles) +
         supervisor_branch;
}

}  // namespace ipusim::codelet_test
