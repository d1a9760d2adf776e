// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/instruction_witness.hpp"

namespace ipusim::app {

InstructionWitness::InstructionWitness(const std::vector<Cycle>& cycles) {
  for (const Cycle cycle : cycles) seen_[cycle];
  next_ = seen_.begin();
}

void InstructionWitness::on_retire(const tile::RetireRecord& record) {
  for (; next_ != seen_.end() && next_->first < record.cycle; ++next_) next_->second = supervisor_;
  if (next_ != seen_.end() && next_->first == record.cycle) (next_++)->second = record;
  if (record.context.is_supervisor()) supervisor_ = record;
}

std::optional<tile::RetireRecord> InstructionWitness::seen(Cycle cycle) const {
  const auto found = seen_.find(cycle);
  if (found == seen_.end()) return std::nullopt;
  // What lies behind the last bundle.
  const bool passed = next_ == seen_.end() || cycle < next_->first;
  return passed ? found->second : supervisor_;
}

}  // namespace ipusim::app
