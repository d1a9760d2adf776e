// ipu-objdump: what is in an object or executable: header, sections, symbols, relocations, code; and what
// instructions do.
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "common.hpp"
#include "ipusim/toolchain/explain.hpp"
#include "ipusim/toolchain/listing.hpp"

namespace {

struct Arguments {
  std::vector<std::string> files;
  ipusim::toolchain::ListingOptions what;
  std::string mode = "both";
  std::string topic;  // of --explain; empty for a list
};

int list(const Arguments& arguments) {
  for (const std::string& file : arguments.files)
    fmt::print("{}", ipusim::toolchain::list_file(file, arguments.what));
  return 0;
}

int print_explanation(const std::string& topic) {
  using namespace ipusim::toolchain;
  fmt::print("{}", topic.empty() ? list_explanations(output_columns()) : explain(topic, output_columns()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Shows what is in Colossus (IPU) objects and executables."};
  app.name("ipu-objdump");
  auto* files = app.add_option("files", arguments.files, "Objects or executables");
  app.add_flag("-d,--disassemble", arguments.what.code, "Disassemble executable sections");
  app.add_flag("-l,--line-numbers", arguments.what.lines,
               "Source lines within the disassembly (executables)");
  app.add_flag("-r,--reloc", arguments.what.relocations,
               "Relocations, within the disassembly if that is asked for");
  app.add_flag("-t,--syms", arguments.what.symbols, "Symbols");
  app.add_flag("-x,--headers", arguments.what.headers, "File header and sections");
  app.add_option("--mode", arguments.mode, "Instructions of this mode only")
      ->check(CLI::IsMember({"worker", "supervisor", "both"}))
      ->capture_default_str();
  auto* explained =
      app.add_option("--explain", arguments.topic,
                     "What an instruction does (an exception's cause, the notation); all in short "
                     "without a name")
          ->option_text("[MNEMONIC]")
          ->expected(0, 1)
          ->excludes(files);
  CLI11_PARSE_TOOL(app, argc, argv);
  if (explained->count() != 0)
    return ipusim::tools::guarded("ipu-objdump", [&] { return print_explanation(arguments.topic); });
  if (arguments.files.empty()) {
    app.exit(CLI::RequiredError("files"));
    return ipusim::tools::bad_input;
  }
  using ipusim::isa::Mode;
  arguments.what.mode = arguments.mode == "worker"       ? Mode::worker
                        : arguments.mode == "supervisor" ? Mode::supervisor
                                                         : Mode::both;
  auto& what = arguments.what;
  if (!what.code && !what.relocations && !what.symbols && !what.headers) what.code = what.headers = true;
  return ipusim::tools::guarded("ipu-objdump", [&] { return list(arguments); });
}
