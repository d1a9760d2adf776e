// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/statistics.hpp"

namespace ipusim::random {

Statistics::Statistics() : opcodes_(isa::all_instructions().size() + 1) {}

void Statistics::on_retire(std::size_t, const tile::RetireRecord& record) {
  ++bundles_;
  ++contexts_[record.context.index()];
  const bool worker = record.context.is_worker();
  const isa::Mode mode = worker ? isa::Mode::worker : isa::Mode::supervisor;
  ++opcodes_[static_cast<std::size_t>(isa::decode(record.words[0], mode))];
  if (worker && (record.words[0] & coissue_bit) != 0) {
    ++opcodes_[static_cast<std::size_t>(isa::decode(record.words[1], mode))];
  }
}

void Statistics::add_outcome(const Outcome& outcome) {
  for (const tile::ExceptionReport& e : outcome.exceptions) ++exceptions_[static_cast<unsigned>(e.cause)];
}

void Statistics::add(const Statistics& other) {
  bundles_ += other.bundles_;
  received_ += other.received_;
  hazards_ += other.hazards_;
  for (std::size_t i = 0; i < contexts_.size(); ++i) contexts_[i] += other.contexts_[i];
  for (std::size_t i = 0; i < opcodes_.size(); ++i) opcodes_[i] += other.opcodes_[i];
  for (const auto& [cause, count] : other.exceptions_) exceptions_[cause] += count;
}

std::array<std::uint64_t, family_count> Statistics::by_family() const {
  std::array<std::uint64_t, family_count> counts{};
  for (const isa::Instruction& i : isa::all_instructions()) {
    counts[static_cast<std::size_t>(family_of(i))] += of(i.opcode);
  }
  return counts;
}

std::vector<std::string> Statistics::never_run(isa::Arch arch) const {
  std::vector<std::string> names;
  for (const isa::Instruction& i : isa::all_instructions()) {
    if (usable(i, arch) && of(i.opcode) == 0) names.emplace_back(i.id);
  }
  return names;
}

}  // namespace ipusim::random
