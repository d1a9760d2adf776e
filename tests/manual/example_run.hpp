// SPDX-License-Identifier: Apache-2.0
// An example of the manual, executed on a whole tile and compared with what the manual says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ipusim/isa/explanation.hpp"
#include "tile_bench.hpp"

namespace ipusim::manual {

// The words that the assembler makes of instructions separated by ';', for ipu21. Throws ToolError.
std::vector<std::uint32_t> assemble(std::string_view code, isa::Mode mode);

// The mode that an example runs in: a worker's unless its instruction is the supervisor's.
isa::Mode mode_of(const isa::Example& example);

class ExampleRun {
 public:
  ExampleRun(const tile::test::TileKind& kind, const isa::Example& example);

  // Executes the example; everything that is not as the manual says is a failed expectation.
  void check();

 private:
  using Values = std::map<std::string, std::uint32_t>;  // one word each: m3, AACC5, 0x60000, TAS, ...

  void load();
  tile::test::Program supervisor() const;
  tile::test::Program worker() const;
  void add_coefficients(tile::test::Program& program) const;
  void run();
  void compare_stop() const;
  void compare_fault() const;
  void compare_registers() const;
  void compare_accumulators() const;
  void compare_csrs() const;
  void compare_memory() const;
  void compare_exchange() const;

  bool sets(std::string_view prefix) const;
  std::uint32_t given(const std::string& place) const;     // before, 0 if it is not named
  std::uint32_t expected(const std::string& place) const;  // after, else as before
  std::uint32_t csr(const Context& context, const std::string& name) const;

  isa::Example example_;
  isa::Mode mode_;
  Context context_;
  std::vector<std::uint32_t> code_;
  Values before_;
  Values after_;
  std::vector<std::uint32_t> sent_;
  std::unique_ptr<tile::TileModel> tile_;
  tile::test::ScriptedPort port_;
  tile::test::Recorder recorder_;
  std::vector<std::uint32_t> zones_;  // of syncs waited for
  tile::StopReport stop_;
};

}  // namespace ipusim::manual
