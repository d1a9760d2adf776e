// SPDX-License-Identifier: Apache-2.0
#include "retire_meter.hpp"

namespace ipusim::chip {

namespace {

constexpr std::uint32_t coissue_bit = 1U << 31U;

bool is_exit(isa::Opcode opcode) {
  return opcode == isa::Opcode::exitz_mmmn || opcode == isa::Opcode::exitnz_mmmn ||
         opcode == isa::Opcode::exitpos_mmmn || opcode == isa::Opcode::exitneg_mmmn;
}

}  // namespace

void RetireMeter::restart(const tile::TileModel& model) {
  for (unsigned n = 0; n < Context::workers; ++n) active_[n] = model.context_status(Context::worker(n)) != 0;
  activity_.forget_open_runs();
}

void RetireMeter::add(const tile::RetireRecord& record) {
  const Context who = record.context;
  const isa::Mode mode = who.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  const isa::Opcode main = isa::decode(record.words[0], mode);
  const bool pair = who.is_worker() && (record.words[0] & coissue_bit) != 0;
  activity_.issued(who, main, pair ? isa::decode(record.words[1], mode) : isa::Opcode::invalid);
  if (!who.is_worker()) return;
  bool& active = active_[who.worker_number()];
  // A worker that was not there before has been launched.
  if (!active) activity_.launched(who.worker_number(), record.pc, record.cycle);
  active = !is_exit(main);
  if (!active) activity_.exited(who.worker_number(), record.cycle);
}

}  // namespace ipusim::chip
