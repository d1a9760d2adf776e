// ipu-objdump: what is in an object or executable: header, sections, symbols, relocations, code.
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "common.hpp"
#include "ipusim/toolchain/listing.hpp"

namespace {

struct Arguments {
  std::vector<std::string> files;
  ipusim::toolchain::ListingOptions what;
  std::string mode = "both";
};

int list(const Arguments& arguments) {
  for (const std::string& file : arguments.files)
    fmt::print("{}", ipusim::toolchain::list_file(file, arguments.what));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Shows what is in Colossus (IPU) objects and executables."};
  app.name("ipu-objdump");
  app.add_option("files", arguments.files, "Objects or executables")->required();
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
  CLI11_PARSE_TOOL(app, argc, argv);
  using ipusim::isa::Mode;
  arguments.what.mode = arguments.mode == "worker"       ? Mode::worker
                        : arguments.mode == "supervisor" ? Mode::supervisor
                                                         : Mode::both;
  auto& what = arguments.what;
  if (!what.code && !what.relocations && !what.symbols && !what.headers) what.code = what.headers = true;
  return ipusim::tools::guarded("ipu-objdump", [&] { return list(arguments); });
}
