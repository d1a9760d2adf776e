// SPDX-License-Identifier: Apache-2.0
#include "counting_tile.hpp"

#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::directed {
namespace {

using namespace tile;

void note(Context context, const std::array<std::uint32_t, 2>& words) {
  const isa::Mode mode = context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  const bool bundle = context.is_worker() && (words[0] >> 31U) != 0;
  for (std::size_t i = 0; i < (bundle ? 2U : 1U); ++i)
    if (const isa::Opcode opcode = isa::decode(words.at(i), mode); opcode != isa::Opcode::invalid)
      seen().insert(opcode);
}

// Passes on what the test's own observer wants to know.
class Watcher : public TileObserver {
 public:
  TileObserver* behind = nullptr;

  void on_retire(const RetireRecord& record) override {
    note(record.context, record.words);
    if (behind != nullptr && behind->wants_retire()) behind->on_retire(record);
  }
  void on_receive(Cycle at, const MemoryWrite& write) override {
    if (behind != nullptr) behind->on_receive(at, write);
  }
  void on_hazard(const Hazard& hazard) override {
    if (behind != nullptr) behind->on_hazard(hazard);
  }
};

class CountingTile : public TileModel {
 public:
  explicit CountingTile(const TileParameters& parameters) : tile_(make_fast_tile(parameters)) {
    tile_->attach(&watcher_);
  }

  void reset() override { tile_->reset(); }
  void attach(ExchangePort* exchange) override { tile_->attach(exchange); }
  void attach(TileObserver* observer) override { watcher_.behind = observer; }
  void read_memory(ByteAddr address, std::span<std::byte> to) const override {
    tile_->read_memory(address, to);
  }
  void write_memory(ByteAddr address, std::span<const std::byte> from) override {
    tile_->write_memory(address, from);
  }
  void start(ByteAddr pc, Cycle at) override { tile_->start(pc, at); }
  void release_sync(Cycle at) override { tile_->release_sync(at); }
  StopReport advance(Cycle limit) override {
    StopReport report = tile_->advance(limit);
    if (report.reason == StopReason::exception &&
        report.exception.cause != ExceptionCause::unimplemented_instruction)
      note(report.exception.context, report.exception.words);
    return report;
  }
  Cycle now() const override { return tile_->now(); }
  Cycle last_exchange_end() const override { return tile_->last_exchange_end(); }
  std::uint32_t read_register(Context context, RegisterWrite::File file, unsigned index) const override {
    return tile_->read_register(context, file, index);
  }
  ByteAddr pc(Context context) const override { return tile_->pc(context); }
  unsigned context_status(Context context) const override { return tile_->context_status(context); }
  void save(StateWriter& to) const override { tile_->save(to); }
  void load(StateReader& from) override { tile_->load(from); }
  TileDebug& debug() override { return tile_->debug(); }
  std::string kind() const override { return tile_->kind(); }

 private:
  Watcher watcher_;
  std::unique_ptr<TileModel> tile_;
};

}  // namespace

std::set<isa::Opcode>& seen() {
  static std::set<isa::Opcode> opcodes;
  return opcodes;
}

std::unique_ptr<TileModel> make_counting_tile(const TileParameters& parameters) {
  return std::make_unique<CountingTile>(parameters);
}

}  // namespace ipusim::directed
