#include "ipusim/chip/exchange/exchange_fabric.hpp"

#include <fmt/format.h>

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
  Cycle from;              // the mux shows the source from this cycle on
  std::int32_t sender;     // tile index, or nobody
  std::int32_t mux_time;   // M(sender, this tile)
  std::uint8_t direction;  // in which the sender must drive
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
    selections_.push_back({Cycle{0}, nobody, 0, 0});
  }

  Cycle known_until() override { return scan(next_asked_, false); }
  Cycle next_activity(Cycle from) override { return scan(from, true); }

  std::optional<std::uint32_t> incoming(Cycle at) override {
    next_asked_ = at + 1;
    if (at.value() < mux_delay_) return std::nullopt;
    const Cycle seen = at - mux_delay_;
    const Selection selection = *selection_at(seen);
    if (selection.sender == nobody) return std::nullopt;
    Port& source = port_of(selection);
    if (shifted(known_sends_of(source), selection.mux_time) <= seen) {
      throw std::logic_error(
          fmt::format("tile {} asked for the word of cycle {} before it is known", index_, at.value()));
    }
    SentWord* word = source.find_sent(seen, selection.mux_time);
    if (word == nullptr) return std::nullopt;
    if (!word->taken) --source.statistics_.words_unselected;
    word->taken = true;
    if ((word->directions & selection.direction) == 0) {
      fabric_.hazards_(TileIndex{index_}, {tile::HazardKind::wrong_direction, at, ByteAddr{0}, word->word});
      return std::nullopt;
    }
    ++statistics_.words_received;
    return word->word;
  }

  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    if (!sent_.empty() && sent_.back().at >= at) throw std::logic_error("sends must come with rising cycles");
    sent_.push_back({at, word, directions.value(), false});
    ++statistics_.words_sent;
    ++statistics_.words_unselected;
  }

  void select_source(Cycle at, tile::MuxSource source) override {
    Selection selection{at, nobody, 0, 0};
    if (source.value() < fabric_.index_of_place_.size()) {
      selection.sender = fabric_.index_of_place_[source.value()];
    }
    if (selection.sender != nobody) {
      const TileId here = fabric_.places_[index_];
      const TileId there = fabric_.places_[static_cast<std::size_t>(selection.sender)];
      selection.mux_time = fabric_.latency_->mux_time(there, here);
      selection.direction = fabric_.latency_->direction(there, here);
    }
    while (!selections_.empty() && selections_.back().from >= at) selections_.pop_back();
    selections_.push_back(selection);
  }

  void pre_acknowledge(Cycle at, std::uint32_t count) override {
    // This tile's part in the next sync; it can release nobody before that is through.
    if (acknowledged_ == 0) fabric_.set_earliest_release(at + tile::min_release_delay);
    acknowledged_ += count;
    fabric_.acknowledgements_(TileIndex{index_}, at, count);
  }

  void use_acknowledgement() { --acknowledged_; }
  void set_in_sync(bool waits) { in_sync_ = waits; }
  void set_known_sends(Cycle until) { known_sends_ = std::max(known_sends_, until); }
  void resume(Cycle at) { known_sends_ = at; }
  const ExchangeStatistics& statistics() const { return statistics_; }

  void prune(Cycle oldest_sent, Cycle now) {
    while (!sent_.empty() && sent_.front().at < oldest_sent) sent_.pop_front();
    const Cycle oldest_seen = shifted(now, -static_cast<std::int64_t>(mux_delay_));
    while (selections_.size() > 1 && selections_[1].from <= oldest_seen) selections_.pop_front();
  }

 private:
  using Selections = std::deque<Selection>;

  Port& port_of(const Selection& selection) const {
    return *fabric_.ports_[static_cast<std::size_t>(selection.sender)];
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

  // Up to where this tile knows what `source` sends.
  Cycle known_sends_of(const Port& source) const {
    // What it sends itself always leaves well before it is seen.
    if (&source == this) return Cycle::never();
    if (!source.in_sync_) return source.known_sends_;
    if (acknowledged_ == 0) return Cycle::never();
    return std::max(source.known_sends_, fabric_.earliest_release_);
  }

  // The first cycle >= from whose incoming word is not known yet or, with `words`, that may hold a word.
  Cycle scan(Cycle from, bool words) {
    const Cycle seen_from = from.value() < mux_delay_ ? Cycle{0} : from - mux_delay_;
    for (auto s = selection_at(seen_from); s != selections_.end(); ++s) {
      const Cycle end = std::next(s) == selections_.end() ? Cycle::never() : std::next(s)->from;
      if (s->sender == nobody) continue;
      Port& source = port_of(*s);
      const Cycle first = std::max(s->from, seen_from);
      const Cycle known = shifted(known_sends_of(source), s->mux_time);
      if (words) {
        auto word = source.first_sent_at_or_after(shifted(first, -s->mux_time));
        if (word != source.sent_.end()) {
          const Cycle seen = shifted(word->at, s->mux_time);
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
  bool in_sync_ = false;
  std::uint64_t acknowledged_ = 0;  // syncs acknowledged in advance that have not happened
  std::deque<SentWord> sent_;
  Selections selections_;
  ExchangeStatistics statistics_;
};

ExchangeFabric::ExchangeFabric(std::vector<TileId> places, std::unique_ptr<config::LatencyFunction> latency,
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
  for (const TileId source : places_) {
    for (const TileId destination : places_) {
      const int path =
          latency_->mux_time(source, destination) + static_cast<int>(latency_->mux_delay(destination));
      // Tiles are run apart from each other on the strength of this.
      if (path < 1) {
        throw std::invalid_argument(fmt::format(
            "exchange latencies: a word from place {} would be written at place {} {} cycles after it left; "
            "at least 1 is needed",
            source.value(), destination.value(), path));
      }
      longest_path_ = std::max(longest_path_, static_cast<unsigned>(path));
    }
  }
}

ExchangeFabric::~ExchangeFabric() = default;

tile::ExchangePort& ExchangeFabric::port(TileIndex index) { return *ports_.at(index.value()); }

void ExchangeFabric::set_known_sends(TileIndex index, Cycle until) {
  ports_.at(index.value())->set_known_sends(until);
}
void ExchangeFabric::resume(TileIndex index, Cycle at) {
  ports_.at(index.value())->resume(at);
  earliest_release_ = Cycle{0};
}
void ExchangeFabric::set_in_sync(TileIndex index, bool waits) {
  ports_.at(index.value())->set_in_sync(waits);
}
void ExchangeFabric::set_earliest_release(Cycle at) { earliest_release_ = std::max(earliest_release_, at); }
void ExchangeFabric::use_acknowledgement(TileIndex index) { ports_.at(index.value())->use_acknowledgement(); }

void ExchangeFabric::prune(Cycle now) {
  const Cycle oldest = shifted(now, -static_cast<std::int64_t>(longest_path_));
  for (auto& port : ports_) port->prune(oldest, now);
}

ExchangeStatistics ExchangeFabric::statistics(TileIndex index) const {
  return ports_.at(index.value())->statistics();
}

ExchangeStatistics ExchangeFabric::statistics() const {
  ExchangeStatistics sum;
  for (const auto& port : ports_) {
    sum.words_sent += port->statistics().words_sent;
    sum.words_received += port->statistics().words_received;
    sum.words_unselected += port->statistics().words_unselected;
  }
  return sum;
}

}  // namespace ipusim::chip
