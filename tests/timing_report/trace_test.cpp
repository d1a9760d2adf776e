// SPDX-License-Identifier: Apache-2.0
// trace.json by the rules of the trace event format ("Trace Event Format", the document of chrome://tracing
// that Perfetto reads too): an object with traceEvents; every event has a phase, a process and a thread;
// complete events (X) a name, a time and a duration; those of a thread lie one after the other.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "rounds.hpp"

namespace {

using namespace ipusim::timing_test;

using Thread = std::pair<std::uint64_t, std::uint64_t>;
Thread thread_of(const json& event) { return {event.at("pid"), event.at("tid")}; }

class Trace : public Rounds {
 protected:
  void expect_format(const json& events) const {
    std::set<Thread> named;
    std::set<std::uint64_t> processes, threads;
    for (const json& event : events) {
      if (event.at("ph") != "M") continue;
      if (event.at("name") == "process_name") {
        EXPECT_TRUE(processes.insert(event.at("pid").get<std::uint64_t>()).second);
      }
      if (event.at("name") != "thread_name") continue;
      EXPECT_FALSE(event.at("args").at("name").get<std::string>().empty());
      EXPECT_TRUE(named.insert(thread_of(event)).second);
      EXPECT_TRUE(threads.insert(event.at("tid").get<std::uint64_t>()).second)
          << "threads have numbers of their own";
    }
    std::map<Thread, std::map<std::uint64_t, std::uint64_t>> slices;
    for (const json& event : events) {
      const std::string phase = event.at("ph");
      EXPECT_TRUE(processes.contains(event.at("pid")));
      if (phase == "C") {
        EXPECT_TRUE(event.at("ts").is_number_unsigned() && event.at("args").at("value").is_number());
      }
      if (phase != "X") {
        EXPECT_TRUE(phase == "M" || phase == "C") << phase;
        continue;
      }
      EXPECT_TRUE(named.contains(thread_of(event)));
      EXPECT_TRUE(event.at("name").is_string() && event.at("cat").is_string() &&
                  event.at("args").is_object());
      const std::uint64_t begin = event.at("ts"), cycles = event.at("dur");
      EXPECT_GT(cycles, 0U);
      EXPECT_TRUE(slices[thread_of(event)].try_emplace(begin, begin + cycles).second);
    }
    for (const auto& [thread, ends] : slices) {
      std::uint64_t free = 0;
      for (const auto& [begin, end] : ends) {
        EXPECT_GE(begin, free) << "process " << thread.first << ", thread " << thread.second;
        free = end;
      }
    }
  }
  // Of the supervisors' threads, by category.
  static std::map<std::string, std::uint64_t> cycles_of(const json& events) {
    std::map<std::string, std::uint64_t> cycles;
    for (const json& event : events)
      if (event.at("ph") == "X") cycles[event.at("cat")] += event.at("dur").get<std::uint64_t>();
    return cycles;
  }
  static std::set<std::string> thread_names(const json& events) {
    std::set<std::string> names;
    for (const json& event : events)
      if (event.at("name") == "thread_name") names.insert(event.at("args").at("name").get<std::string>());
    return names;
  }
};

TEST_F(Trace, HoldsWhatTheReportHolds) {
  ASSERT_EQ(run("--trace").exit_code, 0);
  const json events = trace();
  expect_format(events);
  const auto cycles = cycles_of(events);
  const json total = chip();
  std::map<std::string, std::uint64_t> reported;
  for (const char* part : {"compute", "sync", "exchange"})
    for (const json& value : total.at("tiles").at(part)) reported[part] += value.get<std::uint64_t>();
  EXPECT_EQ(cycles.at("compute"), reported.at("compute"));
  EXPECT_EQ(cycles.at("exchange"), reported.at("exchange"));
  EXPECT_EQ(cycles.at("superstep"), total.at("cycles").at("total").get<std::uint64_t>());
  // The wait that ends the run is no sync that happened.
  EXPECT_GE(cycles.at("sync"), reported.at("sync"));
  std::size_t spins = 0;
  for (const json& event : events) spins += event.value("cat", "") == "worker" && event.at("name") == "spin";
  EXPECT_EQ(spins, tiles * 6 * rounds);
}

TEST_F(Trace, OnlyOfSomeTiles) {
  ASSERT_EQ(run("--trace --trace-tiles 3,15").exit_code, 0);
  const json events = trace();
  expect_format(events);
  const auto names = thread_names(events);
  EXPECT_EQ(names.size(), 1 + 2 * 7U);
  EXPECT_TRUE(names.contains("supersteps") && names.contains("tile 15 worker 5"));
}

TEST_F(Trace, OnlyOfAWindow) {
  ASSERT_EQ(run("--trace").exit_code, 0);
  const json all = trace();
  ASSERT_EQ(run("--trace --trace-window 2000:3000").exit_code, 0);
  const json some = trace();
  expect_format(some);
  const auto overlaps = [](const json& event) {
    const std::uint64_t begin = event.at("ts"), cycles = event.at("dur");
    return begin < 3000 && begin + cycles > 2000;
  };
  // The steps of the chip are always there.
  std::set<json> expected, found;
  for (const json& event : all)
    if (event.at("ph") == "X" && (event.at("cat") == "superstep" || overlaps(event))) expected.insert(event);
  for (const json& event : some)
    if (event.at("ph") == "X") found.insert(event);
  EXPECT_EQ(found, expected);
}

}  // namespace
