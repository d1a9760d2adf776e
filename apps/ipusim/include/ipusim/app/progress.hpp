// SPDX-License-Identifier: Apache-2.0
// Tells the user on stderr what takes time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "ipusim/chip/run_events.hpp"

namespace ipusim::app {

// How long a step of a run took.
struct StepTime {
  std::string step;
  double seconds = 0;
};

class Progress {
 public:
  // Nothing is printed if `quiet`.
  explicit Progress(bool quiet) : quiet_(quiet) {}

  // A line of its own. Any thread.
  void say(std::string_view line) const;
  // Seconds since the beginning.
  double seconds() const;
  // A step begins, and with it the one before ends. From the thread that leads the run.
  void begin(std::string step) const;
  // All steps so far, in their order; the last one lasts until now. One that began more than once is one,
  // with all its time.
  std::vector<StepTime> steps() const;

 private:
  bool quiet_;
  mutable std::vector<std::pair<std::string, double>> begun_;  // and when
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// While it lives, says every few seconds how far something has come.
class Heartbeat {
 public:
  Heartbeat(const Progress& progress, std::string what);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  // What the next line says after `what`. Any thread.
  void set(std::string state);

 private:
  void beat();
  const Progress& progress_;
  std::string what_;
  std::mutex mutex_;
  std::condition_variable end_;
  bool ended_ = false;
  std::string state_;
  std::thread thread_;
};

// Says by a heartbeat how many syncs of a chip have happened.
class SyncProgress : public chip::RunObserver {
 public:
  explicit SyncProgress(Heartbeat& heartbeat) : heartbeat_(heartbeat) {}
  void on_event(const chip::RunEvent& event) override;

 private:
  Heartbeat& heartbeat_;
  std::uint64_t syncs_ = 0;
};

}  // namespace ipusim::app
