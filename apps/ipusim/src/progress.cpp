// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace ipusim::app {
namespace {

constexpr std::chrono::seconds beat_interval{5};

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

void SyncProgress::on_event(const chip::RunEvent& event) {
  const auto* sync = std::get_if<chip::SyncHappened>(&event);
  if (sync == nullptr) return;
  heartbeat_.set(fmt::format(
      "{} syncs so far, the last of zone {}: last arrival tile {} cycle {}, released at {}", ++syncs_,
      sync->zone, sync->last_tile.value(), sync->last_arrival.value(), sync->release.value()));
}

}  // namespace ipusim::app
