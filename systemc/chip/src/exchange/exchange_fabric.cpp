#include "ipusim/chip/exchange/exchange_fabric.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace ipusim::chip {

namespace {

struct SentWord {
  Cycle at;
  std::uint32_t word;
  std::uint8_t directions;
  bool taken;
};

struct Selection {
  Cycle from;           // the mux shows the source from this cycle on
  std::int32_t sender;  // tile index, or nobody
};
constexpr std::int32_t nobody = -1;

// t + delta where delta may be negative; saturates at 0 and at never.
Cycle shifted(Cycle t, std::int64_t delta) {
  if (t == Cycle::never()) return t;
  if (delta < 0 && t.value() < static_cast<std::uint64_t>(-delta)) return Cycle{0};
  return Cycle{t.value() + static_cast<std::uint64_t>(delta)};
}

}  // namespace

// One tile's side: its send log, and the history of its mux.
class ExchangeFabric::Port : public tile::ExchangePort {
 public:
  Port(ExchangeFabric& fabric, std::uint32_t index, unsigned mux_delay)
      : fabric_(fabric), index_(index), mux_delay_(mux_delay) {
    selections_.push_back({Cycle{0}, nobody});
  }

  Cycle known_until() override { return scan(next_asked_, false); }
  Cycle next_activity(Cycle from) override { return scan(from, true); }

  std::optional<std::uint32_t> incoming(Cycle at) override {
    next_asked_ = at + 1;
    if (at.value() < mux_delay_) return std::nullopt;
    const Cycle seen = at - mux_delay_;
    const std::int32_t sender = selection_at(seen)->sender;
    if (sender == nobody) return std::nullopt;
    Port& source = *fabric_.ports_[static_cast<std::size_t>(sender)];
    SentWord* word = source.find_sent(seen, mux_time_from(sender));
    if (word == nullptr) return std::nullopt;
    word->taken = true;
    const TileId here = fabric_.places_[index_];
    const TileId there = fabric_.places_[static_cast<std::size_t>(sender)];
    if ((word->directions & fabric_.latency_->direction(there, here)) == 0) {
      fabric_.hazards_(TileIndex{index_},
                       {tile::HazardKind::wrong_direction, at, ByteAddr{there.value()}, word->word});
      return std::nullopt;
    }
    ++fabric_.statistics_.words_received;
    return word->word;
  }

  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    if (!sent_.empty() && sent_.back().at >= at) throw std::logic_error("sends must come with rising cycles");
    sent_.push_back({at, word, directions.value(), false});
    ++fabric_.statistics_.words_sent;
  }

  void select_source(Cycle at, tile::MuxSource source) override {
    std::int32_t sender = nobody;
    if (source.value() < fabric_.index_of_place_.size()) sender = fabric_.index_of_place_[source.value()];
    while (!selections_.empty() && selections_.back().from >= at) selections_.pop_back();
    selections_.push_back({at, sender});
  }

  void pre_acknowledge(Cycle at, std::uint32_t count) override {
    fabric_.acknowledgements_(TileIndex{index_}, at, count);
  }

  void set_known_sends(Cycle until) { known_sends_ = std::max(known_sends_, until); }

  void prune(Cycle oldest_sent, Cycle now) {
    while (!sent_.empty() && sent_.front().at < oldest_sent) {
      if (!sent_.front().taken) ++fabric_.statistics_.words_unselected;
      sent_.pop_front();
    }
    const Cycle oldest_seen = shifted(now, -static_cast<std::int64_t>(mux_delay_));
    while (selections_.size() > 1 && selections_[1].from <= oldest_seen) selections_.pop_front();
  }

 private:
  using Selections = std::deque<Selection>;

  int mux_time_from(std::int32_t sender) const {
    return fabric_.latency_->mux_time(fabric_.places_[static_cast<std::size_t>(sender)],
                                      fabric_.places_[index_]);
  }

  Selections::const_iterator selection_at(Cycle seen) const {
    auto after = std::upper_bound(selections_.begin(), selections_.end(), seen,
                                  [](Cycle c, const Selection& s) { return c < s.from; });
    return after == selections_.begin() ? after : std::prev(after);
  }

  // The word that left this tile so that it is seen at `seen` after mux_time cycles.
  SentWord* find_sent(Cycle seen, int mux_time) {
    if (mux_time > 0 && seen.value() < static_cast<std::uint64_t>(mux_time)) return nullptr;
    const Cycle left = shifted(seen, -mux_time);
    auto word = first_sent_at_or_after(left);
    return word != sent_.end() && word->at == left ? &*word : nullptr;
  }

  std::deque<SentWord>::iterator first_sent_at_or_after(Cycle left) {
    return std::lower_bound(sent_.begin(), sent_.end(), left,
                            [](const SentWord& w, Cycle c) { return w.at < c; });
  }

  // The first cycle >= from whose incoming word is not known yet or, with `words`, that may hold a word.
  Cycle scan(Cycle from, bool words) {
    const Cycle seen_from = from.value() < mux_delay_ ? Cycle{0} : from - mux_delay_;
    for (auto s = selection_at(seen_from); s != selections_.end(); ++s) {
      const Cycle end = std::next(s) == selections_.end() ? Cycle::never() : std::next(s)->from;
      if (s->sender == nobody) continue;
      Port& source = *fabric_.ports_[static_cast<std::size_t>(s->sender)];
      const int mux_time = mux_time_from(s->sender);
      const Cycle first = std::max(s->from, seen_from);
      // What this tile itself sends is known as it goes: it always leaves well before it is seen.
      const Cycle known = &source == this ? Cycle::never() : shifted(source.known_sends_, mux_time);
      if (words) {
        auto word = source.first_sent_at_or_after(shifted(first, -mux_time));
        if (word != source.sent_.end()) {
          const Cycle seen = shifted(word->at, mux_time);
          if (seen < end && seen < known) return std::max(from, seen + mux_delay_);
        }
      }
      if (known < end) return std::max(from, std::max(first, known) + mux_delay_);
    }
    return Cycle::never();
  }

  ExchangeFabric& fabric_;
  std::uint32_t index_;
  unsigned mux_delay_;
  Cycle next_asked_{0};
  Cycle known_sends_{0};
  std::deque<SentWord> sent_;
  Selections selections_;
};

ExchangeFabric::ExchangeFabric(std::vector<TileId> places, std::unique_ptr<LatencyFunction> latency,
                               std::uint16_t null_source, HazardSink hazards,
                               AcknowledgeSink acknowledgements)
    : places_(std::move(places)),
      latency_(std::move(latency)),
      null_source_(null_source),
      hazards_(std::move(hazards)),
      acknowledgements_(std::move(acknowledgements)) {
  std::uint16_t last = 0;
  for (const TileId place : places_) last = std::max(last, place.value());
  index_of_place_.assign(std::size_t{last} + 1, nobody);
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    index_of_place_[places_[i].value()] = static_cast<std::int32_t>(i);
    ports_.push_back(std::make_unique<Port>(*this, i, latency_->mux_delay(places_[i])));
  }
  if (null_source_ < index_of_place_.size()) index_of_place_[null_source_] = nobody;
}

ExchangeFabric::~ExchangeFabric() = default;

tile::ExchangePort& ExchangeFabric::port(TileIndex index) { return *ports_.at(index.value()); }

void ExchangeFabric::set_known_sends(TileIndex index, Cycle until) {
  ports_.at(index.value())->set_known_sends(until);
}

void ExchangeFabric::prune(Cycle now) {
  // No path is longer than this; the exact bound per pair would save a few kilobytes at most.
  constexpr std::int64_t longest_path = 4096;
  const Cycle oldest = now == Cycle::never() ? now : shifted(now, -longest_path);
  for (auto& port : ports_) port->prune(oldest, now);
}

}  // namespace ipusim::chip
