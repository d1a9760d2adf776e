// SPDX-License-Identifier: Apache-2.0
// What a program asks of the exchange: phases of messages between tiles, named by tile index, with symbols
// for addresses (docs/program.md, `exchange:`). Plain data.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "ipusim/config/source_place.hpp"
#include "ipusim/exchange_planner/patterns.hpp"

namespace ipusim::exchange_planner {

// A phase that cannot be planned. what() names the phase, the cause and the cure.
class PlanError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Who says where the buffers of a phase are: its symbols, or whoever calls its function, in the registers
// below.
enum class Bases : std::uint8_t { symbols, caller };
inline constexpr unsigned outgoing_base_register = 2;  // $m2: OUTGOING_BASE, a byte address
inline constexpr unsigned incoming_base_register = 3;  // $m3: INCOMING_BASE

// How many bits of a message leave in one event. Items of 64 bits take the buses of a tile and its partner,
// and whole pairs of receivers.
enum class Width : std::uint8_t {
  bits32,
  bits64,     // all messages, or the phase cannot be planned
  automatic,  // those that can and have at least least_wide_items
};
inline constexpr std::uint32_t least_wide_items = 64;  // [HW] the rule of the only known author of such rows

// What becomes of words that arrive in a memory element while the tile sends from it, or fetches its row.
enum class Elements : std::uint8_t {
  warn,
  error,
  avoid,  // no tile sends in an event in which it writes, wherever its buffers lie; the rest as `error`
};

struct Phase {
  std::string name;             // an identifier: the phase's function is exchange_NAME
  config::SourcePlace where{};  // may be empty
  Pattern pattern = Messages{};
  Bases bases = Bases::symbols;  // caller: symbols may be empty
  // Of an earlier phase, whose rows serve this one too: the pattern must say the same messages but for the
  // symbols. Empty: none.
  std::string same_as{};
  Width width = Width::bits32;
  Elements elements = Elements::warn;
  // A phase whose row on some tile would have more bytes is cut into parts, each with a sync and a row.
  std::uint32_t max_code_bytes = 0;  // 0: any number
  friend bool operator==(const Phase&, const Phase&) = default;
};

}  // namespace ipusim::exchange_planner
