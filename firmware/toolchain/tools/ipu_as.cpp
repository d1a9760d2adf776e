// SPDX-License-Identifier: Apache-2.0
// ipu-as: Colossus assembly -> ELF object.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "common.hpp"
#include "ipusim/toolchain/assembler.hpp"

namespace {

using namespace ipusim;

struct Arguments {
  std::string source, output;
  std::string arch = "ipu2", mode = "worker";
  std::vector<std::string> include_dirs, defines, symbols, cpp_options;
  bool no_preprocess = false, debug = false, fatal_warnings = false, no_warnings = false;
};

// Listings are ipu-objdump's.
const std::string listings = "listings are made by ipu-objdump -S";
const tools::Refusals refused{{"-a", listings},
                              {"-al", listings},
                              {"-ahls", listings},
                              {"-R", "data cannot be folded into .text"},
                              {"-M", "there is no MRI compatibility"},
                              {"-mri", "there is no MRI compatibility"}};

std::pair<std::string, std::int64_t> parse_symbol(const std::string& text) {
  const auto equals = text.find('=');
  const std::string number = equals == std::string::npos ? "" : text.substr(equals + 1);
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(number.c_str(), &end, 0);
  if (equals == 0 || number.empty() || *end != '\0' || errno != 0)
    throw toolchain::ToolError(fmt::format("--defsym {}: expected NAME=NUMBER", text));
  return {text.substr(0, equals), value};
}

toolchain::AssemblerOptions options_of(const Arguments& arguments) {
  toolchain::AssemblerOptions options;
  options.arch = tools::arch_of(arguments.arch);
  options.mode = arguments.mode == "supervisor" ? isa::Mode::supervisor : isa::Mode::worker;
  options.preprocess = !arguments.no_preprocess;
  options.debug = arguments.debug;
  options.include_dirs.assign(arguments.include_dirs.begin(), arguments.include_dirs.end());
  for (const std::string& define : arguments.defines) {
    const auto equals = define.find('=');
    options.defines.emplace_back(define.substr(0, equals),
                                 equals == std::string::npos ? "1" : define.substr(equals + 1));
  }
  for (const std::string& symbol : arguments.symbols) options.symbols.push_back(parse_symbol(symbol));
  options.cpp_options = arguments.cpp_options;
  return options;
}

int assemble(const Arguments& arguments) {
  const toolchain::Object object = toolchain::assemble(arguments.source, options_of(arguments));
  for (const auto& warning : object.warnings)
    if (!arguments.no_warnings) fmt::print(stderr, "{}\n", warning.format());
  if (arguments.fatal_warnings && !object.warnings.empty()) return tools::bad_input;
  std::filesystem::path output = arguments.output;
  if (output.empty()) output = std::filesystem::path(arguments.source).filename().replace_extension(".o");
  tools::write_file(output, object.elf);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{
      "Assembles Colossus (IPU) source into an ELF object. Sources pass through clang's preprocessor."};
  app.name("ipu-as");
  app.add_option("source", arguments.source, "Assembly source")->required();
  app.add_option("-o,--output", arguments.output, "Object file (default: the source's name with .o)");
  app.add_option("--arch", arguments.arch, "Architecture")
      ->check(CLI::IsMember({"ipu1", "ipu2", "ipu21"}))
      ->capture_default_str();
  app.add_option("--mode", arguments.mode, "Mode the source starts in")
      ->check(CLI::IsMember({"worker", "supervisor"}))
      ->capture_default_str();
  app.add_option("-I", arguments.include_dirs, "Directory for #include, .include and .incbin")
      ->allow_extra_args(false);
  app.add_option("-D", arguments.defines, "NAME or NAME=VALUE for the preprocessor")->allow_extra_args(false);
  app.add_option("--cpp-option", arguments.cpp_options,
                 "Passed on to the preprocessor: --cpp-option=-Wundef, once for each word")
      ->allow_extra_args(false);
  app.add_flag("-g", arguments.debug, "DWARF line information");
  app.add_flag("--no-cpp", arguments.no_preprocess, "Do not run the preprocessor");
  app.add_flag("--fatal-warnings", arguments.fatal_warnings, "Fail on warnings");
  app.add_flag("-W,--no-warn", arguments.no_warnings, "Do not print warnings");
  app.add_option("--defsym", arguments.symbols, "Symbol NAME=NUMBER of the source")->allow_extra_args(false);
  return ipusim::tools::run(app, argc, argv, {{}, refused}, [&] { return assemble(arguments); });
}
