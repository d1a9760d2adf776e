// SPDX-License-Identifier: Apache-2.0
// Runs `ipusim debug` on programs that a test writes.
#pragma once

#include <string>

#include "command.hpp"

namespace ipusim::cli_test {

class Debug : public CommandTest {
 protected:
  // Supervisor: sync, call a function that adds three numbers in a loop of known length, store, sync, idle.
  void write_program_with_calls() const {
    folder_.write("a.S", R"(    .supervisor
    .globl _start, work, total, loop
_start:
    sync 7
    setzi $m0, numbers
    call $m10, work
    st32 $m1, $m0, $mzero, 3
    sync 7
idle:
    sync 7
    bri idle
work:
    setzi $m1, 0
    setzi $m2, 2
    mov $m3, $m0
loop:
    ld32step $m4, $mzero, $m3+=, 1
    add $m1, $m1, $m4
    brnzdec $m2, loop
    br $m10
    .data
    .globl numbers
numbers: .long 11, 22, 33
total: .long 0
)");
    write_program("read:\n  - {name: sum, symbol: total, tiles: 0-1, type: i32, count: 1}\n");
  }
  CommandResult debug(const std::string& script, const std::string& options = "") {
    folder_.write("script.txt", script);
    return ipusim("debug '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p.yaml " + options + " < script.txt");
  }
};

}  // namespace ipusim::cli_test
