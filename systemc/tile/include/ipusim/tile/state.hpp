// SPDX-License-Identifier: Apache-2.0
// What all tile models have in common, as saved state (docs/state.md).
#pragma once

#include "ipusim/base/state.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::tile {

constexpr ExceptionType last_enumerator(ExceptionType) { return ExceptionType::instruction_break; }

template <class Archive, StateOf<ExceptionReport> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [type, cause, context, pc, cycle, words, data_address] = self;
  archive(type, cause, context, pc, cycle, words, data_address);
}

template <class Archive, StateOf<Hazard> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [kind, cycle, address, word] = self;
  archive(kind, cycle, address, word);
}

template <class Archive, StateOf<StopReport> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [reason, cycle, sync_zone, words_missing, exception, message] = self;
  archive(reason, cycle, sync_zone, words_missing, exception, message);
}

template <class Archive, StateOf<RegisterWrite> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [file, index, value] = self;
  archive(file, index, value);
}

template <class Archive, StateOf<MemoryWrite> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [address, bytes, data] = self;
  archive(address, bytes, data);
}

template <class Archive, StateOf<RetireRecord> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [cycle, context, pc, words, registers, memory] = self;
  archive(cycle, context, pc, words, registers, memory);
}

template <class Archive, StateOf<RemoteBreak> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [contexts, in_exchange] = self;
  archive(contexts, in_exchange);
}

// How the tile was made: a state is loaded only into one that was made alike.
template <class Archive>
void same_parameters(Archive& archive, const TileParameters& parameters) {
  const auto& [id, arch, exchange_errors] = parameters;
  archive.same("tile id", id);
  archive.same("architecture", arch);
  archive.same("mask of stopping exchange errors", exchange_errors);
}

}  // namespace ipusim::tile
