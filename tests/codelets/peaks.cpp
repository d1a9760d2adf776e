// SPDX-License-Identifier: Apache-2.0
#include "peaks.hpp"

#include <cmath>

#include "ipusim/config/config_node.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr double bundle_bytes = 8;
constexpr std::size_t buffer_bytes = buffers[1] - buffers[0];

// Both, or the set of units that a Mk1 has.
enum class Units { both_sets, one_set };

// A codelet whose state is these buffers and an amount of work.
struct Probe {
  std::string name;
  std::string codelet;
  CodeletBench::Vertex vertex = CodeletBench::Vertex::workers;
  std::size_t buffers = 0;                   // so many of buffers_of()
  std::uint32_t few = 0, many = 0;           // the two amounts
  std::vector<std::uint32_t> settings = {};  // state behind the amount
  std::string unit;
  double work = 0;                     // of an amount of one, in that unit
  bool count_code = false;             // whether the bytes of the bundles count as well
  std::string published = {};          // key of the published figure
  bool published_is_optional = false;  // whether it is measured where none was published
  std::string remark = {};
};

// The AMP engine; amounts are rows per worker, of 16, 8 or 32 inputs to 16 outputs, or to 8 by one set of
// units.
std::vector<Probe> engine_probes(Units units) {
  const bool one = units == Units::one_set;
  const double outputs = one ? 8 : 16;
  const Probe f16{.name = "f16 GEMM",
                  .codelet = one ? "gemm_f16_f32" : "gemm_f16",
                  .vertex = CodeletBench::Vertex::supervisor,
                  .buffers = 4,
                  .few = 20,
                  .many = 160,
                  .unit = "FLOP",
                  .work = 2.0 * Context::workers * 16 * outputs,
                  .published = "f16_gemm"};
  Probe f32 = f16;
  f32.name = "f32 GEMM";
  f32.codelet = one ? "gemm_f32_8" : "gemm_f32";
  f32.many = 80;
  f32.work = 2.0 * Context::workers * 8 * outputs;
  f32.published = "f32_gemm";
  if (one) return {f16, f32};
  Probe f8 = f16;
  f8.name = "f8 GEMM";
  f8.codelet = "gemm_f8";
  f8.settings = {0, 0};  // formats and scale
  f8.work = 2.0 * Context::workers * 32 * outputs;
  f8.published = "f8_gemm";
  return {f8, f16, f32};
}

std::vector<Probe> memory_probes() {
  // Amounts:
  // elements of 2 bytes in two arrays;
  const Probe loads{.name = "memory, loads",
                    .codelet = "dot_f16",
                    .vertex = CodeletBench::Vertex::supervisor,
                    .buffers = 3,
                    .few = 480,
                    .many = 9600,
                    .unit = "B",
                    .work = 2.0 * 2,
                    .published = "memory_loads",
                    .published_is_optional = true,
                    .remark = "two loads of 8 bytes in one instruction (ld2x64pace)"};
  // elements of 2 bytes in three arrays.
  const Probe stores{.name = "memory, loads and stores",
                     .codelet = "add_f16",
                     .buffers = 3,
                     .few = 480,
                     .many = 9600,
                     .unit = "B",
                     .work = 3.0 * 2,
                     .published = "memory",
                     .remark =
                         "two loads and a store, the most that an instruction moves (ld2xst64pace); on the "
                         "published figure: docs/provenance.md"};
  Probe code = stores;
  code.name = "the same and code";
  code.count_code = true;
  code.published = "memory_slide";
  code.remark =
      "with the 8 bytes of each bundle that is fetched; that the published figure counts them is our guess";
  return {loads, stores, code};
}

std::vector<Probe> probes(isa::Arch arch) {
  std::vector<Probe> all = engine_probes(arch == isa::Arch::ipu1 ? Units::one_set : Units::both_sets);
  for (Probe& probe : memory_probes()) all.push_back(std::move(probe));
  return all;
}

struct Run {
  double work;
  double cycles;
};

Run run(const Probe& probe, std::uint32_t amount, const TileKind& kind, isa::Arch arch) {
  CodeletBench bench(probe.codelet, probe.vertex, kind, 0, arch);
  const auto places = buffers_of(arch);
  std::vector<std::uint32_t> state(places.begin(),
                                   places.begin() + static_cast<std::ptrdiff_t>(probe.buffers));
  for (const std::uint32_t buffer : state) bench.write(buffer, std::vector<std::uint8_t>(buffer_bytes));
  state.push_back(amount);
  state.insert(state.end(), probe.settings.begin(), probe.settings.end());
  const std::uint64_t cycles = bench.run(state);
  double work = probe.work * amount;
  for (unsigned worker = 0; probe.count_code && worker < Context::workers; ++worker)
    work += bundle_bytes * static_cast<double>(bench.bundles(worker));
  return {work, static_cast<double>(cycles)};
}

PublishedPeak read_published(const config::ConfigNode& figure, const Probe& probe) {
  const config::ConfigNode value = figure.at("value");
  if (figure.at("unit").as_choice({"FLOP", "B"}) != probe.unit)
    throw figure.error("'" + probe.name + "' is measured in " + probe.unit);
  const std::string digits = value.as_string();
  const std::size_t point = digits.find('.');
  const auto places = static_cast<double>(point == std::string::npos ? 0 : digits.size() - point - 1);
  PublishedPeak peak{value.as_number(0, 1e6), std::pow(10.0, -places), figure.at("source").as_string()};
  figure.reject_unknown_keys();
  return peak;
}

}  // namespace

bool Peak::fits() const {
  return published && std::abs(tera_per_second - published->tera_per_second) <= published->last_place / 2;
}

std::vector<Peak> measure_peaks(const TileKind& kind, const config::ChipConfig& system,
                                const std::filesystem::path& published) {
  const config::ConfigNode figures = config::ConfigNode::load(published);
  const double chip = static_cast<double>(system.places.size()) * static_cast<double>(system.clock_hz) / 1e12;
  std::vector<Peak> peaks;
  for (const Probe& probe : probes(system.arch)) {
    const auto figure = figures.find(probe.published);
    if (!figure && !probe.published_is_optional) continue;
    const Run few = run(probe, probe.few, kind, system.arch),
              many = run(probe, probe.many, kind, system.arch);
    const double per_cycle = (many.work - few.work) / (many.cycles - few.cycles);
    peaks.push_back({probe.name, probe.codelet, probe.unit, per_cycle, per_cycle * chip, {}, probe.remark});
    if (figure) peaks.back().published = read_published(*figure, probe);
  }
  return peaks;
}

}  // namespace ipusim::codelet_test
