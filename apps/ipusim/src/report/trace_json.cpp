// SPDX-License-Identifier: Apache-2.0
// trace.json: a process per chip and per row of its grid, a thread per context of a tile; a microsecond of
// the viewer is a cycle.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "ipusim/app/report/timing_files.hpp"
#include "ipusim/app/timing/timing_figures.hpp"

namespace ipusim::app {
namespace {

using nlohmann::ordered_json;
using Kind = chip::TileSpan::Kind;

std::string quoted(const std::string& text) {
  return ordered_json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Numbers of processes and threads: no two the same, of a system of any size.
constexpr std::uint32_t processes_per_chip = 100, first_thread = 1'000'000, threads_per_tile = 8;

class Writer {
 public:
  void name_process(std::uint32_t process, const std::string& name) {
    meta("process_name", process, 0, fmt::format("{{\"name\":{}}}", quoted(name)));
    meta("process_sort_index", process, 0, fmt::format("{{\"sort_index\":{}}}", process));
  }
  void name_thread(std::uint32_t process, std::uint32_t thread, const std::string& name) {
    meta("thread_name", process, thread, fmt::format("{{\"name\":{}}}", quoted(name)));
    meta("thread_sort_index", process, thread, fmt::format("{{\"sort_index\":{}}}", thread));
  }
  // arguments: an object.
  void slice(std::uint32_t process, std::uint32_t thread, const std::string& name, const char* category,
             std::uint64_t begin, std::uint64_t cycles, const std::string& arguments) {
    next();
    fmt::format_to(
        std::back_inserter(text_),
        "{{\"ph\":\"X\",\"name\":{},\"cat\":\"{}\",\"pid\":{},\"tid\":{},\"ts\":{},\"dur\":{},\"args\":{}}}",
        quoted(name), category, process, thread, begin, cycles, arguments);
  }
  void counter(std::uint32_t process, const std::string& name, std::uint64_t at, double value) {
    next();
    fmt::format_to(std::back_inserter(text_),
                   "{{\"ph\":\"C\",\"name\":{},\"pid\":{},\"ts\":{},\"args\":{{\"value\":{:.3f}}}}}",
                   quoted(name), process, at, value);
  }
  std::string take() { return std::move(text_); }

 private:
  void meta(const char* what, std::uint32_t process, std::uint32_t thread, const std::string& arguments) {
    next();
    fmt::format_to(std::back_inserter(text_),
                   "{{\"ph\":\"M\",\"name\":\"{}\",\"pid\":{},\"tid\":{},\"args\":{}}}", what, process,
                   thread, arguments);
  }
  void next() {
    if (!text_.empty()) text_ += ",\n";
  }
  std::string text_;
};

class ChipTrace {
 public:
  ChipTrace(const ChipTiming& timing, const RunReport& report, Writer& writer)
      : timing_(timing),
        run_(timing.run),
        names_(report.system.tile_names()),
        chip_(report.system.chips.at(timing.chip.value())),
        process_(processes_per_chip * (timing.chip.value() + 1)),
        prefix_(names_.chips() == 1 ? "" : names_.chip(timing.chip).name + " "),
        writer_(writer) {}

  void write() {
    write_steps();
    std::set<unsigned> rows;
    for (std::size_t i = 0; i < timing_.traced.size(); ++i) {
      const TileId place = chip_.places.at(timing_.traced[i].value());
      if (rows.insert(place.row()).second)
        writer_.name_process(row_process(place), fmt::format("{}row {}", prefix_, place.row()));
      write_tile(i, place);
    }
  }

 private:
  std::uint32_t row_process(TileId place) const { return process_ + 1 + place.row(); }
  std::uint64_t since_start(Cycle at) const { return at - run_.start; }

  void write_steps() {
    const std::uint32_t thread = first_thread - 1 - timing_.chip.value();
    writer_.name_process(process_, prefix_ + "chip");
    writer_.name_thread(process_, thread, "supersteps");
    for (std::size_t s = 0; s < run_.steps.size(); ++s) {
      const chip::StepTiming& step = run_.steps[s];
      const StepFigures figures = figures_of(step, run_.tiles.size());
      if (step.release > step.begin) {
        writer_.slice(process_, thread, timing_.names[s].title, "superstep", since_start(step.begin),
                      step.release - step.begin,
                      fmt::format("{{\"step\":{},\"critical_tile\":{},\"balance\":{:.3f}}}", s,
                                  step.critical.value(), figures.balance));
      }
      if (figures.exchange_cycles == 0) continue;
      writer_.counter(process_, "words received per cycle", since_start(step.release),
                      figures.words_per_cycle);
      writer_.counter(process_, "words received per cycle",
                      since_start(step.release) + figures.exchange_cycles, 0);
    }
  }

  void write_tile(std::size_t position, TileId place) {
    const TileIndex tile = timing_.traced[position];
    const std::uint32_t process = row_process(place);
    const std::uint32_t threads =
        first_thread + threads_per_tile * names_.index({timing_.chip, tile}).value();
    writer_.name_thread(
        process, threads,
        fmt::format("tile {} (column {}, lane {})", tile.value(), place.column(), place.lane()));
    for (const chip::TileSpan& span : run_.spans.at(position)) {
      const StepName& step = timing_.names.at(span.step);
      const auto write = [&](const std::string& name, const char* category) {
        writer_.slice(process, threads, name, category, since_start(span.begin), span.end - span.begin,
                      fmt::format("{{\"step\":{}}}", span.step));
      };
      if (span.kind == Kind::exchange) write(step.title, "exchange");
      if (span.kind == Kind::sync) write("sync", "sync");
      if (span.kind == Kind::compute)
        write(step.vertices.empty() ? "compute" : fmt::format("{}", fmt::join(step.vertices, ", ")),
              "compute");
    }
    std::set<unsigned> named;
    for (std::size_t i = 0; i < run_.worker_runs.at(position).size(); ++i) {
      const tile::WorkerRun& run = run_.worker_runs[position][i];
      const std::uint32_t thread = threads + 1 + run.worker;
      if (named.insert(run.worker).second)
        writer_.name_thread(process, thread, fmt::format("tile {} worker {}", tile.value(), run.worker));
      writer_.slice(process, thread, timing_.run_names.at(position).at(i), "worker", since_start(run.first),
                    run.last + 1 - run.first, "{}");
    }
  }

  const ChipTiming& timing_;
  const chip::RunTiming& run_;
  config::TileNames names_;
  const config::ChipConfig& chip_;
  std::uint32_t process_;
  std::string prefix_;
  Writer& writer_;
};

}  // namespace

std::string TraceFile::text(const RunReport& report) const {
  Writer writer;
  for (const ChipTiming& chip : report.outcome.timing) ChipTrace(chip, report, writer).write();
  return fmt::format(
      "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"program\":{},\"system\":{},\"time\":\"a microsecond is "
      "a cycle "
      "since the run's start\"}},\"traceEvents\":[\n{}\n]}}\n",
      quoted(report.program.name), quoted(report.system.name), writer.take());
}

}  // namespace ipusim::app
