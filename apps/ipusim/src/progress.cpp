#include "ipusim/app/progress.hpp"

#include <fmt/format.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <cstdio>

namespace ipusim::app {
namespace {

constexpr std::chrono::seconds beat_interval{5};

// A chip logs every sync at level debug, and nothing else there.
class SyncCounter : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit SyncCounter(Heartbeat& heartbeat) : heartbeat_(heartbeat) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (message.level != spdlog::level::debug) return;
    const std::string_view text{message.payload.data(), message.payload.size()};
    heartbeat_.set(fmt::format("{} syncs so far, the last: {}", ++syncs_, text));
  }
  void flush_() override {}

 private:
  Heartbeat& heartbeat_;
  std::uint64_t syncs_ = 0;
};

}  // namespace

void Progress::say(std::string_view line) const {
  if (quiet_) return;
  const std::string text = fmt::format("[{:7.1f} s] {}\n", seconds(), line);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void Progress::begin(std::string step) const { begun_.emplace_back(std::move(step), seconds()); }

std::vector<StepTime> Progress::steps() const {
  std::vector<StepTime> times;
  const double now = seconds();
  for (std::size_t i = 0; i < begun_.size(); ++i) {
    const auto& [step, begin] = begun_[i];
    const double end = i + 1 < begun_.size() ? begun_[i + 1].second : now;
    const auto known =
        std::find_if(times.begin(), times.end(), [&](const StepTime& t) { return t.step == step; });
    if (known == times.end()) {
      times.push_back({step, end - begin});
    } else {
      known->seconds += end - begin;
    }
  }
  return times;
}

Heartbeat::Heartbeat(const Progress& progress, std::string what)
    : progress_(progress), what_(std::move(what)), thread_([this] { beat(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  end_.notify_one();
  thread_.join();
}

void Heartbeat::set(std::string state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

void Heartbeat::beat() {
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, beat_interval, [this] { return ended_; })) {
    progress_.say(state_.empty() ? what_ : fmt::format("{}: {}", what_, state_));
  }
}

std::shared_ptr<spdlog::logger> count_syncs(Heartbeat& heartbeat) {
  auto logger = std::make_shared<spdlog::logger>("chip", std::make_shared<SyncCounter>(heartbeat));
  logger->set_level(spdlog::level::debug);
  return logger;
}

}  // namespace ipusim::app
