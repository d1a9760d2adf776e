// SPDX-License-Identifier: Apache-2.0
// ipu-objdump: what is in an object, executable or archive: headers, symbols, relocations, code, bytes; and
// what instructions do.
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "common.hpp"
#include "ipusim/toolchain/explain.hpp"
#include "ipusim/toolchain/listing.hpp"

namespace {

using namespace ipusim;

struct Arguments {
  std::vector<std::string> files;
  toolchain::ListingOptions what;
  std::string mode = "both";
  std::string topic;  // of --explain; empty for a list
  std::string first, end;
  bool all_headers = false, no_raw = false, ignored = false;
};

const tools::GnuOptions options_known{{{"--disassemble", "-d"}},
                                      {{"-T", "a tile has no dynamic symbols"},
                                       {"-dynamic-syms", "a tile has no dynamic symbols"},
                                       {"-R", "a tile has no dynamic relocations"},
                                       {"-dynamic-reloc", "a tile has no dynamic relocations"},
                                       {"-G", "there is no stabs debug information"},
                                       {"-stabs", "there is no stabs debug information"},
                                       {"-m", "the architecture stands in the file"},
                                       {"-architecture", "the architecture stands in the file"}}};

std::uint64_t parse_address(const std::string& text, const char* option) {
  char* end = nullptr;
  const unsigned long long value = std::strtoull(text.c_str(), &end, 0);
  if (text.empty() || *end != '\0' || text[0] == '-' || value > std::uint64_t{1} << 32U)
    throw toolchain::ToolError(fmt::format("{} {}: expected an address", option, text));
  return value;
}

toolchain::ListingOptions options_of(const Arguments& arguments) {
  toolchain::ListingOptions what = arguments.what;
  what.mode = arguments.mode == "worker"       ? isa::Mode::worker
              : arguments.mode == "supervisor" ? isa::Mode::supervisor
                                               : isa::Mode::both;
  if (arguments.all_headers)
    what.file_header = what.section_headers = what.program_headers = what.relocations = what.symbols = true;
  what.raw_words = !arguments.no_raw;
  if (!arguments.first.empty())
    what.first_address = static_cast<std::uint32_t>(parse_address(arguments.first, "--start-address"));
  if (!arguments.end.empty()) what.end_address = parse_address(arguments.end, "--stop-address");
  if (!what.function.empty() || what.source) what.code = true;
  const bool anything = what.code || what.all_code || what.relocations || what.symbols || what.file_header ||
                        what.section_headers || what.program_headers || what.contents;
  if (!anything) what.code = what.section_headers = true;
  return what;
}

int list(const Arguments& arguments) {
  const toolchain::ListingOptions what = options_of(arguments);
  for (const std::string& file : arguments.files) fmt::print("{}", toolchain::list_file(file, what));
  return 0;
}

int print_explanation(const std::string& topic) {
  using namespace ipusim::toolchain;
  fmt::print("{}", topic.empty() ? list_explanations(output_columns()) : explain(topic, output_columns()));
  return 0;
}

void add_options(CLI::App& app, Arguments& arguments) {
  auto& what = arguments.what;
  app.add_option("files", arguments.files, "Objects, executables or archives");
  app.add_flag("-d", what.code, "Disassemble sections of code");
  app.add_option("--disassemble", what.function, "The same; with =SYMBOL from there to the next symbol only");
  app.add_flag("-D,--disassemble-all", what.all_code, "Disassemble all sections");
  app.add_flag("-S,--source", what.source, "Disassemble, with the text of the source");
  app.add_flag("-l,--line-numbers", what.lines, "Places of the source within the disassembly");
  app.add_flag("-r,--reloc", what.relocations, "Relocations, within the disassembly if that is asked for");
  app.add_flag("-t,--syms", what.symbols, "Symbols");
  app.add_flag("-f,--file-headers", what.file_header, "Architecture and entry");
  app.add_flag("-h,--section-headers,--headers", what.section_headers, "Sections");
  app.add_flag("-p,--private-headers", what.program_headers, "Program header");
  app.add_flag("-x,--all-headers", arguments.all_headers, "All of -f -h -p -r -t");
  app.add_flag("-s,--full-contents", what.contents, "Bytes of the sections");
  app.add_option("-j,--section", what.sections, "This section only (may be repeated)")
      ->allow_extra_args(false);
  app.add_option("--start-address", arguments.first, "Disassemble from this address");
  app.add_option("--stop-address", arguments.end, "Disassemble up to this address");
  app.add_flag("--no-show-raw-insn", arguments.no_raw, "Instructions without their bytes");
  app.add_flag("-w,--wide,-z,--disassemble-zeroes,-C,--demangle,-a,--archive-headers", arguments.ignored,
               "For GNU objdump's sake: always so, or nothing to do");
  app.add_option("--mode", arguments.mode, "Instructions of this mode only")
      ->check(CLI::IsMember({"worker", "supervisor", "both"}))
      ->capture_default_str();
  app.add_option("--explain", arguments.topic,
                 "What an instruction does (an exception's cause, the notation); all in short "
                 "without a name")
      ->option_text("[MNEMONIC]")
      ->expected(0, 1)
      ->excludes("files");
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Shows what is in Colossus (IPU) objects and executables, and archives of them."};
  app.name("ipu-objdump");
  app.set_help_flag("-H,--help", "Print this help message and exit");
  add_options(app, arguments);
  return tools::run(app, argc, argv, options_known, [&] {
    if (app.count("--explain") != 0) return print_explanation(arguments.topic);
    if (arguments.files.empty()) {
      app.exit(CLI::RequiredError("files"));
      return tools::bad_input;
    }
    return list(arguments);
  });
}
