// SPDX-License-Identifier: Apache-2.0
// isagen: derives every table of the instruction set from isa/*.isa and isa/*.yaml.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "count_reader.hpp"
#include "diagnostics.hpp"
#include "emitter.hpp"
#include "instruction_reader.hpp"
#include "instructions_emitter.hpp"
#include "manual_emitter.hpp"
#include "semantics_reader.hpp"
#include "semantics_validator.hpp"
#include "validator.hpp"
#include "yaml_reader.hpp"

namespace {

namespace fs = std::filesystem;
using ipusim::isagen::Diagnostics;
using ipusim::isagen::Model;

struct Options {
  std::vector<std::string> instruction_files;
  std::string csr_file;
  std::string arch_file;
  std::string timing_file;
  std::string zones_file;
  std::string exceptions_file;
  std::string hazards_file;
  std::string general_file;
  std::vector<std::string> semantics_files;
  std::string tests_file;
  std::string output_directory;
  std::string manual_file;
  std::string page_file;
};

void read_instruction_file(const std::string& file, Model& model, Diagnostics& diagnostics) {
  std::ifstream input(file);
  if (!input) {
    diagnostics.error({file, 0}, "cannot be read");
    return;
  }
  auto instructions = ipusim::isagen::read_instructions(input, file, diagnostics);
  std::move(instructions.begin(), instructions.end(), std::back_inserter(model.instructions));
}

Model read_model(const Options& options, Diagnostics& diagnostics) {
  Model model;
  for (const std::string& file : options.instruction_files) read_instruction_file(file, model, diagnostics);
  model.csrs = ipusim::isagen::read_csrs(options.csr_file, diagnostics);
  model.architectures = ipusim::isagen::read_architectures(options.arch_file, model.common, diagnostics);
  model.timing = ipusim::isagen::read_timing(options.timing_file, diagnostics);
  model.zones = ipusim::isagen::read_zones(options.zones_file, diagnostics);
  model.exception_types = ipusim::isagen::read_exception_types(options.exceptions_file, diagnostics);
  model.causes = ipusim::isagen::read_causes(options.exceptions_file, diagnostics);
  model.hazards = ipusim::isagen::read_hazards(options.hazards_file, diagnostics);
  model.semantics =
      ipusim::isagen::read_semantics(options.general_file, options.semantics_files, model.csrs, diagnostics);
  if (!options.tests_file.empty()) {
    std::ifstream input(options.tests_file);
    if (!input) diagnostics.error({options.tests_file, 0}, "cannot be read");
    ipusim::isagen::read_test_counts(input, options.tests_file, model, diagnostics);
  }
  ipusim::isagen::validate(model, diagnostics);
  // Where rows are missing because they cannot be understood, what refers to them would be reported too.
  if (diagnostics.ok()) ipusim::isagen::validate_semantics(model, diagnostics);
  return model;
}

std::string read_text(const fs::path& path) {
  std::ifstream input(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
}

// A file that would not change is left alone, so that nothing that includes it is rebuilt.
bool write_text(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && read_text(path) == text) return true;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream output(path, std::ios::binary | std::ios::trunc);
  output << text;
  output.close();
  if (!output) fmt::print(stderr, "{}: error: cannot be written\n", path.string());
  return static_cast<bool>(output);
}

int run(const Options& options) {
  Diagnostics diagnostics;
  const Model model = read_model(options, diagnostics);
  for (const std::string& message : diagnostics.messages()) fmt::print(stderr, "{}\n", message);
  if (!diagnostics.ok()) return 1;
  if (!options.manual_file.empty() && !write_text(options.manual_file, ipusim::isagen::emit_manual(model)))
    return 1;
  if (!options.page_file.empty() &&
      !write_text(options.page_file, ipusim::isagen::emit_instructions_page(model)))
    return 1;
  if (options.output_directory.empty()) return 0;
  for (const auto& emitter : ipusim::isagen::all_emitters())
    if (!write_text(fs::path(options.output_directory) / emitter->path(), emitter->emit(model))) return 1;
  return 0;
}

// Exit codes: 1 for input that is refused or output that cannot be written, and this for wrong options.
constexpr int bad_usage = 2;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Reads the instruction set of isa/ and writes the tables derived from it"};
  Options options;
  app.add_option("--instructions", options.instruction_files, "instruction files (*.isa), in opcode order")
      ->required();
  app.add_option("--csr", options.csr_file, "CSR map (csr.yaml)")->required();
  app.add_option("--arch", options.arch_file, "architectures (arch.yaml)")->required();
  app.add_option("--timing", options.timing_file, "tile timing (timing.yaml)")->required();
  app.add_option("--zones", options.zones_file, "zones of sync (sync_zones.yaml)")->required();
  app.add_option("--exceptions", options.exceptions_file, "types and causes of exceptions (exceptions.yaml)")
      ->required();
  app.add_option("--hazards", options.hazards_file, "hazards of the exchange (hazards.yaml)")->required();
  app.add_option("--general", options.general_file, "notation and aliases (general.yaml)")->required();
  app.add_option("--semantics", options.semantics_files, "what instructions do, one section a file (*.yaml)")
      ->required();
  app.add_option("--tests", options.tests_file, "hand-written tests of every instruction, for the manual");
  app.add_option(
      "--output", options.output_directory,
      "directory to write the tables to; without it, --manual and --page the input is only checked");
  app.add_option("--manual", options.manual_file, "file to write the tables to for people (Markdown)");
  app.add_option("--page", options.page_file, "file to write to what instructions do (Markdown)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : bad_usage;
  }
  return run(options);
}
