// SPDX-License-Identifier: Apache-2.0
// A program of three rounds for 16 tiles: every worker spins the longer the higher its tile's number, then
// all tiles exchange. Runs it as a user does.
#pragma once

#include "command.hpp"

namespace ipusim::timing_test {

using nlohmann::json;

constexpr unsigned tiles = 16, rounds = 3, words = 8, critical_tile = 15;

class Rounds : public cli_test::CommandTest {
 protected:
  // With TRAP=n tile n stops in the second round.
  void SetUp() override {
    folder_.write("rounds.S", R"(
#include "ipu_runtime.h"
    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    .irp round, 0, 1, 2
    RUN_WORKERS spin
#ifdef TRAP
    .if \round == 1
    setzi $m0, __tile_index
    cmpeq $m0, $m0, TRAP
    brz $m0, well
    trap 0
well:
    .endif
#endif
    call $m10, exchange_go
    .endr
    SUPERVISOR_RETURN
    .worker
FUNCTION spin
    setzi $m0, __tile_index
    mul $m0, $m0, 20
again:
    brnzdec $m0, again
    WORKER_EXIT
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER outgoing, 32
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER incoming, 512
)");
    const std::string runtime = IPUSIM_SOURCE_DIR "/firmware/runtime";
    folder_.write("p.yaml", "program: p\nimages:\n  - tiles: all\n    sources: [" + runtime +
                                "/start.S, rounds.S]\n    include_dirs: [" + runtime +
                                "]\nexchange:\n  - {name: go, pattern: all_gather, tiles: all, words: 8, "
                                "source: outgoing, destination: incoming}\n"
                                "run: {timeout_cycles: 100000}\n");
  }
  std::string text(const std::string& file) const {
    return cli_test::read_file(folder_.path() / "out/p" / file);
  }
  json timing() const { return json::parse(text("timing.json")); }
  json chip() const { return timing().at("chips").at(0); }
  json trace() const { return json::parse(text("trace.json")).at("traceEvents"); }
  bool has(const std::string& file) const { return std::filesystem::exists(folder_.path() / "out/p" / file); }
  // What does not differ from run to run.
  json stable_result() const {
    json result = result_json();
    result.erase("wall_seconds");
    result.erase("step_seconds");
    return result;
  }
};

}  // namespace ipusim::timing_test
