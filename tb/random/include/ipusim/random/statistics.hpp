// SPDX-License-Identifier: Apache-2.0
// What random runs went through.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "ipusim/random/run.hpp"

namespace ipusim::random {

class Statistics : public Witness {
 public:
  Statistics();
  void on_retire(std::size_t tile, const tile::RetireRecord& record) override;
  void on_receive(std::size_t, Cycle, const tile::MemoryWrite&) override { ++received_; }
  void on_hazard(std::size_t, const tile::Hazard&) override { ++hazards_; }
  void add_outcome(const Outcome& outcome);
  void add(const Statistics& other);

  // A word outside a bundle counts as a bundle.
  std::uint64_t bundles() const { return bundles_; }
  std::uint64_t of_context(unsigned index) const { return contexts_[index]; }
  std::uint64_t received() const { return received_; }
  std::uint64_t hazards() const { return hazards_; }
  std::uint64_t of(isa::Opcode opcode) const { return opcodes_[static_cast<std::size_t>(opcode)]; }
  std::array<std::uint64_t, family_count> by_family() const;
  // By the number of tile::ExceptionCause.
  const std::map<unsigned, std::uint64_t>& exceptions() const { return exceptions_; }
  // Instructions that random programs of the architecture use, but none of these ran.
  std::vector<std::string> never_run(isa::Arch arch = isa::Arch::ipu2) const;

 private:
  std::uint64_t bundles_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t hazards_ = 0;
  std::array<std::uint64_t, Context::count> contexts_{};
  std::vector<std::uint64_t> opcodes_;
  std::map<unsigned, std::uint64_t> exceptions_;
};

}  // namespace ipusim::random
