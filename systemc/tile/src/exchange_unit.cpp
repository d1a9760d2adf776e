// SPDX-License-Identifier: Apache-2.0
#include "exchange_unit.hpp"

namespace ipusim::tile {

void ExchangeUnit::reset(std::uint32_t null_source) {
  ExchangePort* const port = port_;
  *this = ExchangeUnit{};
  port_ = port;
  source_ = previous_source_ = null_source;
}

void ExchangeUnit::start_stream(Cycle at, std::uint32_t address, std::uint32_t items, Directions directions) {
  next_item_ = at;
  item_address_ = address;
  remaining_ = directions.value() == 0 ? 0 : items;
  directions_ = directions;
}

std::uint32_t ExchangeUnit::send_item(Cycle at, const Memory& memory) {
  const std::uint32_t address = item_address_;
  port_->send(at, memory.load<std::uint32_t>(address), directions_);
  item_address_ += 4;
  next_item_ = at + 1;
  --remaining_;
  return address;
}

void ExchangeUnit::select(Cycle at, std::uint32_t source) {
  previous_source_ = source_;
  source_ = source;
  selected_at_ = at;
  view_changed_ = true;
  if (port_ != nullptr) port_->select_source(at, MuxSource{static_cast<std::uint16_t>(source)});
}

void ExchangeUnit::pre_acknowledge(Cycle at, std::uint32_t count) {
  view_changed_ = true;
  port_->pre_acknowledge(at, count);
}

void ExchangeUnit::apply(Cycle at) {
  while (!pending_.empty() && pending_.front().effective <= at) {
    (pending_.front().base ? base_ : pointer_) = pending_.front().value;
    pending_.pop_front();
  }
}

std::uint32_t ExchangeUnit::pointer(Cycle at) const {
  std::uint32_t value = pointer_;
  for (const Pending& pending : pending_) {
    if (pending.effective > at) break;
    if (!pending.base) value = pending.value;
  }
  return value;
}

std::uint32_t ExchangeUnit::next_write(Cycle at) {
  apply(at);
  const std::uint32_t address = (base_ + pointer_) & isa::address_mask;
  pointer_ = (pointer_ + 4) & isa::address_mask;
  return address;
}

}  // namespace ipusim::tile
