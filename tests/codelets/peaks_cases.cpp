// The peaks as scripts/peaks reports them. What a cycle does is known on paper: 16 units of four f16
// products, 16 of one f32 product, two loads of 8 bytes, two loads and a store. Whether the chip's figures
// fit the published ones is arithmetic on configs/mk2.yaml: 1,472 tiles at 1.325 GHz.
#include <cstdlib>
#include <map>

#include "codelet_bench.hpp"
#include "peaks.hpp"

namespace ipusim::codelet_test {
namespace {

struct Expected {
  double per_cycle;
  bool published;
  bool fits;
};

TEST_P(Codelets, PeaksAreThePublishedOnesButForTheLaunchFigureOfMemory) {
  const std::filesystem::path configs = std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs";
  const std::map<std::string, Expected> expected{
      {"f16 GEMM", {2 * 16 * 4, true, true}},              // 249.7 of 249.7
      {"f32 GEMM", {2 * 16, true, true}},                  // 62.4 of 62.4
      {"memory, loads", {2 * 8, false, false}},            // 31.2, no figure for the Mk2
      {"memory, loads and stores", {3 * 8, true, false}},  // 46.8 of 47.5
      {"the same and code", {3 * 8 + 8, true, true}},      // 62.4 of 62
  };
  const auto peaks = measure_peaks(GetParam(), config::load_system_config(configs / "mk2.yaml"),
                                   configs / "published" / "mk2.yaml");
  ASSERT_EQ(peaks.size(), expected.size());
  for (const Peak& peak : peaks) {
    ASSERT_TRUE(expected.contains(peak.name)) << peak.name;
    const Expected& e = expected.at(peak.name);
    EXPECT_EQ(peak.per_cycle, e.per_cycle) << peak.name;
    EXPECT_NEAR(peak.tera_per_second, e.per_cycle * 1472 * 1.325e9 / 1e12, 1e-9) << peak.name;
    EXPECT_EQ(peak.published.has_value(), e.published) << peak.name;
    EXPECT_EQ(peak.fits(), e.fits) << peak.name;
  }
}

}  // namespace
}  // namespace ipusim::codelet_test
