// ipu-ld: ELF objects -> one executable for one tile.
#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "common.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace {

using namespace ipusim;

struct Arguments {
  std::vector<std::string> objects, defines;
  std::string output = "a.elf", map, entry = "_start", arch = "ipu2";
};

std::pair<std::string, std::uint32_t> parse_define(const std::string& text) {
  const auto equals = text.find('=');
  std::string_view number = equals == std::string::npos ? "" : std::string_view(text).substr(equals + 1);
  const bool hex = number.starts_with("0x");
  if (hex) number.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(number.begin(), number.end(), value, hex ? 16 : 10);
  if (equals == std::string::npos || equals == 0 || failure != std::errc{} || end != number.end())
    throw toolchain::ToolError(fmt::format("--defsym {}: expected NAME=NUMBER, a 32-bit number", text));
  return {text.substr(0, equals), value};
}

int link(const Arguments& arguments) {
  std::vector<toolchain::Object> objects;
  std::vector<toolchain::Archive> archives;
  for (const std::string& file : arguments.objects) {
    if (toolchain::is_archive(file))
      archives.push_back(toolchain::read_archive(file));
    else
      objects.push_back(toolchain::read_object(file));
  }
  toolchain::LinkOptions options;
  options.arch = tools::arch_of(arguments.arch);
  options.name = arguments.output;
  options.entry = arguments.entry;
  for (const std::string& define : arguments.defines) options.defines.insert(parse_define(define));
  const toolchain::LinkedImage linked = toolchain::link(objects, options, archives);
  tools::write_file(arguments.output, linked.image.elf);
  if (!arguments.map.empty())
    tools::write_file(arguments.map,
                      {reinterpret_cast<const std::uint8_t*>(linked.map.data()), linked.map.size()});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{
      "Links Colossus (IPU) objects into an executable for one tile. Sections named .region1* go to memory "
      "region 1, all others to region 0."};
  app.name("ipu-ld");
  app.add_option("objects", arguments.objects,
                 "Objects, in the order of their sections, and archives of objects")
      ->required();
  app.add_option("-o,--output", arguments.output, "Executable")->capture_default_str();
  app.add_option("-e,--entry", arguments.entry, "Symbol at which the supervisor starts")
      ->capture_default_str();
  app.add_option("--arch", arguments.arch, "Architecture")
      ->check(CLI::IsMember({"ipu1", "ipu2", "ipu21"}))
      ->capture_default_str();
  app.add_option("--defsym", arguments.defines, "Absolute symbol NAME=NUMBER")->allow_extra_args(false);
  app.add_option("--map", arguments.map, "Write the link map to this file");
  CLI11_PARSE_TOOL(app, argc, argv);
  return tools::guarded("ipu-ld", [&] { return link(arguments); });
}
