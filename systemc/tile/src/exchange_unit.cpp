// SPDX-License-Identifier: Apache-2.0
#include "exchange_unit.hpp"

namespace ipusim::tile {

void ExchangeUnit::reset(std::uint32_t null_source) {
  ExchangePort* const port = port_;
  *this = ExchangeUnit{};
  port_ = port;
  source_ = pair_source_ = {null_source, null_source, Cycle{0}};
}

void ExchangeUnit::start_stream(Cycle at, std::uint32_t address, std::uint32_t items, unsigned item_bytes,
                                Directions directions) {
  next_item_ = at;
  item_address_ = address;
  remaining_ = directions.value() == 0 ? 0 : items;
  item_bytes_ = item_bytes;
  directions_ = directions;
}

std::uint32_t ExchangeUnit::send_item(Cycle at, const Memory& memory) {
  const std::uint32_t address = item_address_;
  if (item_bytes_ == sizeof(std::uint32_t)) {
    port_->send(at, memory.load<std::uint32_t>(address), directions_);
  } else {
    port_->send_item(at, memory.load<std::uint64_t>(address), directions_);
  }
  item_address_ += item_bytes_;
  next_item_ = at + 1;
  --remaining_;
  return address;
}

void ExchangeUnit::select(Cycle at, std::uint32_t source) {
  source_.select(at, source);
  view_changed_ = true;
  port_->select_source(at, MuxSource{static_cast<std::uint16_t>(source)});
}

void ExchangeUnit::select_pair(Cycle at, std::uint32_t source) {
  pair_source_.select(at, source);
  view_changed_ = true;
  port_->select_pair(at, MuxSource{static_cast<std::uint16_t>(source)});
}

void ExchangeUnit::set_format(Cycle effective, ReceiveFormat format) {
  pending_formats_.push_back({effective, format});
  view_changed_ = true;
  port_->set_format(effective, format);
}

ReceiveFormat ExchangeUnit::format(Cycle at) const {
  ReceiveFormat format = format_;
  for (const PendingFormat& pending : pending_formats_) {
    if (pending.effective <= at) format = pending.format;
  }
  return format;
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

std::uint32_t ExchangeUnit::next_write(Cycle at, std::uint32_t bytes) {
  apply(at);
  const std::uint32_t address = (base_ + pointer_) & isa::address_mask;
  pointer_ = (pointer_ + bytes) & isa::address_mask;
  return address;
}

}  // namespace ipusim::tile
