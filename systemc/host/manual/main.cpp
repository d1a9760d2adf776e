// SPDX-License-Identifier: Apache-2.0
// Writes the register tables of the manual's pages from the rows that the models run by.
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "ipusim/chip/module/control_map.hpp"
#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/registers/register_table.hpp"
#include "ipusim/host/ipu_function.hpp"

// SystemC's library asks for it even where main() is another.
extern "C" int sc_main(int, char**) { return 0; }

namespace {

using namespace ipusim;
using device::RegisterGroup;

std::map<std::string, std::string> tables(const std::filesystem::path& system) {
  namespace control = chip::control;
  const device::ConfigSpace space(host::ipu_description(config::load_chip_config(system).pcie));
  const std::array control_groups{control::marks, control::model, control::places};
  const std::array<std::string_view, 3> control_names{"", "", "tile index"};
  const std::array windows{control::windows};
  const std::array<std::string_view, 1> window_names{"place"};
  const std::array msix{
      RegisterGroup{"MSI-X table", 0, device::msix_table_rows(), 2, device::pci::msix_entry_bytes}};
  const std::array<std::string_view, 1> msix_names{"vector"};
  const std::array pending{RegisterGroup{"pending bits", 0, device::msix_pending_rows(), 2, 4}};
  return {{"configuration space", device::register_table(space.groups())},
          {"control", device::register_table(control_groups, control_names)},
          {"debug windows", device::register_table(windows, window_names)},
          {"MSI-X table", device::register_table(msix, msix_names)},
          {"pending bits", device::register_table(pending)}};
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  return {std::istreambuf_iterator<char>(in), {}};
}

// Whether the page was as it has to be.
bool update(const std::filesystem::path& page, const std::map<std::string, std::string>& all, bool check) {
  const std::string before = text_of(page);
  std::string after = before;
  bool any = false;
  for (const auto& [name, table] : all) {
    if (before.find(fmt::format("<!-- registers: {} -->", name)) == std::string::npos) continue;
    after = device::with_table(after, name, table);
    any = true;
  }
  if (!any) throw std::runtime_error(fmt::format("{}: no table has its markers in it", page.string()));
  if (after == before) return true;
  if (!check) std::ofstream(page, std::ios::binary) << after;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "--help") == 0) {
    fmt::print(
        "usage: register_manual [--check] SYSTEM.yaml PAGE.md...\n\nWrites the register tables between their "
        "markers in PAGE.md.\n\n  --check  write nothing; exit code 1 if a page is out of date\n");
    return argc > 1 && std::strcmp(argv[1], "--help") == 0 ? 0 : 2;
  }
  try {
    const bool check = std::strcmp(argv[1], "--check") == 0;
    const std::vector<std::string> files(argv + (check ? 2 : 1), argv + argc);
    const auto all = tables(files.front());
    bool current = true;
    for (std::size_t i = 1; i < files.size(); ++i) {
      if (update(files[i], all, check) || !check) continue;
      fmt::print(stderr, "{}: a register table is out of date; build the target register_tables\n", files[i]);
      current = false;
    }
    return current ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
