// SPDX-License-Identifier: Apache-2.0
// Runs the built `ipusim` on files a test writes.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "support.hpp"

namespace ipusim::cli_test {

struct CommandResult {
  int exit_code = -1;
  std::string output;  // stdout
  std::string errors;  // stderr, progress lines left out
  std::string all_errors;
};

class CommandTest : public ::testing::Test {
 protected:
  // Runs `ipusim ARGUMENTS` in the test's folder.
  CommandResult ipusim(const std::string& arguments) const { return command("ipusim", arguments); }

  CommandResult command(const std::string& program, const std::string& arguments) const {
    return limited(":", program, arguments);
  }

  // The same after a command of the shell that sets its limits.
  CommandResult limited(const std::string& limit, const std::string& program,
                        const std::string& arguments) const {
    const std::string line = limit + "; cd '" + folder_.path().string() + "' && exec '" IPUSIM_BIN_DIR "/" +
                             program + "' " + arguments + " >stdout.txt 2>stderr.txt";
    const int status = std::system(line.c_str());
    CommandResult result;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.output = read_file(folder_.path() / "stdout.txt");
    result.all_errors = read_file(folder_.path() / "stderr.txt");
    for (std::size_t begin = 0; begin < result.all_errors.size();) {
      const std::size_t end = std::min(result.all_errors.find('\n', begin), result.all_errors.size());
      const std::string text = result.all_errors.substr(begin, end - begin);
      if (!text.starts_with("[")) result.errors += text + "\n";
      begin = end + 1;
    }
    return result;
  }

  // A program file around `keys`, with a.S on the tiles, on the 16-tile system.
  void write_program(const std::string& keys, const std::string& tiles = "all") const {
    folder_.write("p.yaml", "program: p\nimages:\n  - {tiles: " + tiles + ", sources: [a.S]}\n" + keys);
  }
  CommandResult run(const std::string& options = "") const {
    return ipusim("run '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p.yaml " + options);
  }
  nlohmann::json result_json() const {
    return nlohmann::json::parse(read_file(folder_.path() / "out/p/result.json"));
  }

  // Assembly of a program that does `body` between its two meetings with the host.
  static std::string source(const std::string& body, const std::string& data = "") {
    return "    .supervisor\n    .text\n    .globl _start\n_start:\n    sync 7\n" + body +
           "    sync 7\ndone:\n    sync 7\n    bri done\n" + data;
  }

  // Adds the two words at `numbers` and stores the sum at `answer`.
  void write_adder() const {
    folder_.write("a.S", source("    setzi $m0, numbers\n"
                                "    ld32 $m1, $m0, $mzero, 0\n"
                                "    ld32 $m2, $m0, $mzero, 1\n"
                                "    add $m1, $m1, $m2\n"
                                "    st32 $m1, $m0, $mzero, 2\n",
                                "    .data\n"
                                "    .globl numbers\nnumbers: .long 1, 2\n    .size numbers, 8\n"
                                "    .globl answer\nanswer: .long 0\n    .size answer, 4\n"));
  }

  TempFolder folder_;
};

}  // namespace ipusim::cli_test
