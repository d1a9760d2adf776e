// SPDX-License-Identifier: Apache-2.0
// ipu-ld: ELF objects -> one executable for one tile.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "common.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace {

using namespace ipusim;

// What options of the command line become.
struct Arguments {
  std::vector<std::string> objects, libraries, directories, defines, undefined, wrapped;
  std::string output = "a.elf", map, entry = "_start", arch = "ipu2";
  bool print_map = false, trace = false, gc_sections = false, strip_all = false, strip_debug = false;
  bool ignored = false;  // its place among the files counts, or nothing
  int optimize = 0;
  std::vector<std::string> keywords;
};

// Files in the order of the command line.
struct Input {
  std::filesystem::path file;
  bool whole;  // of an archive: all its members
};

const tools::Refusals refused{
    {"-r", "linking into an object is not supported; ar makes libraries"},
    {"-relocatable", "linking into an object is not supported; ar makes libraries"},
    {"-T",
     "the layout is fixed: region 0 in the order .text, .rodata, .data, .bss, and .region1* in region 1"},
    {"-script",
     "the layout is fixed: region 0 in the order .text, .rodata, .data, .bss, and .region1* in region 1"},
    {"-Ttext", "code begins at the start of region 0"},
    {"-Tdata", "data follows the code, or lies in region 1 in sections named .region1*"},
    {"-Tbss", "data follows the code, or lies in region 1 in sections named .region1*"},
    {"-section-start", "sections follow each other; data goes to region 1 in sections named .region1*"},
    {"-shared", "a tile has no shared objects"},
    {"-Bdynamic", "a tile has no shared objects"},
    {"-pie", "a tile's executables lie at fixed addresses"},
    {"-q", "executables keep no relocations"},
    {"-emit-relocs", "executables keep no relocations"},
    {"-oformat", "executables are ELF files; objcopy -O binary makes others of them"},
    {"-b", "objects are ELF files"}};

std::uint32_t parse_number(const std::string& text, const std::string& option) {
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 0);  // 0x and leading 0 as in GNU's tools
  if (text.empty() || *end != '\0' || errno != 0 || value > UINT32_MAX || value < INT32_MIN)
    throw toolchain::ToolError(
        fmt::format("{}: expected NAME=NUMBER, a 32-bit number, or NAME=SYMBOL+NUMBER", option));
  return static_cast<std::uint32_t>(value);
}

// NAME=NUMBER, NAME=SYMBOL, NAME=SYMBOL+NUMBER, NAME=SYMBOL-NUMBER.
void define(const std::string& text, toolchain::LinkOptions& options) {
  const std::string option = "--defsym " + text;
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) parse_number("", option);
  const std::string name = text.substr(0, equals);
  const std::string value = text.substr(equals + 1);
  if (options.defines.contains(name) || options.aliases.contains(name))
    throw toolchain::ToolError(fmt::format("{}: '{}' is defined twice", option, name));
  const bool symbol =
      !value.empty() && std::isdigit(static_cast<unsigned char>(value[0])) == 0 && value[0] != '-';
  if (!symbol) {
    options.defines[name] = parse_number(value, option);
    return;
  }
  const auto sign = value.find_first_of("+-");
  toolchain::SymbolAlias alias{value.substr(0, sign), 0};
  if (sign != std::string::npos) {
    const std::int64_t distance = parse_number(value.substr(sign + 1), option);
    alias.addend = value[sign] == '-' ? -distance : distance;
  }
  options.aliases[name] = alias;
}

// -lNAME: libNAME.a, -l:FILE: FILE, in the directories of -L.
std::filesystem::path find_library(const std::string& name, const std::vector<std::string>& directories) {
  const std::string file = name.starts_with(':') ? name.substr(1) : "lib" + name + ".a";
  for (const std::string& directory : directories)
    if (const auto path = std::filesystem::path(directory) / file; std::filesystem::exists(path)) return path;
  throw toolchain::ToolError(fmt::format("-l{}: no {} in the directories given by -L{}", name, file,
                                         directories.empty() ? " (there are none)" : ""));
}

std::vector<Input> inputs_of(const Arguments& arguments, const CLI::App& app) {
  std::vector<Input> inputs;
  auto object = arguments.objects.begin();
  auto library = arguments.libraries.begin();
  bool whole = false;
  for (const CLI::Option* option : app.parse_order()) {
    if (option->get_positional()) {
      inputs.push_back({*object++, whole});
    } else if (option->check_sname("l")) {
      inputs.push_back({find_library(*library++, arguments.directories), whole});
    } else if (option->check_lname("whole-archive")) {
      whole = true;
    } else if (option->check_lname("no-whole-archive")) {
      whole = false;
    }
  }
  return inputs;
}

toolchain::LinkOptions options_of(const Arguments& arguments) {
  toolchain::LinkOptions options;
  options.arch = tools::arch_of(arguments.arch);
  options.name = arguments.output;
  options.entry = arguments.entry;
  options.undefined = arguments.undefined;
  options.wrapped = arguments.wrapped;
  options.gc_sections = arguments.gc_sections;
  using Strip = toolchain::LinkOptions::Strip;
  options.strip = arguments.strip_all ? Strip::all : arguments.strip_debug ? Strip::debug : Strip::nothing;
  for (const std::string& text : arguments.defines) define(text, options);
  return options;
}

int link(const Arguments& arguments, const CLI::App& app) {
  std::vector<toolchain::Object> objects;
  std::vector<toolchain::Archive> archives;
  for (const Input& input : inputs_of(arguments, app)) {
    if (arguments.trace) fmt::print("{}\n", input.file.string());
    if (!toolchain::is_archive(input.file)) {
      objects.push_back(toolchain::read_object(input.file));
      continue;
    }
    auto archive = toolchain::read_archive(input.file);
    if (input.whole)
      std::move(archive.members.begin(), archive.members.end(), std::back_inserter(objects));
    else
      archives.push_back(std::move(archive));
  }
  const toolchain::LinkedImage linked = toolchain::link(objects, options_of(arguments), archives);
  tools::write_file(arguments.output, linked.image.elf);
  if (arguments.print_map) fmt::print("{}", linked.map);
  if (!arguments.map.empty())
    tools::write_file(arguments.map,
                      {reinterpret_cast<const std::uint8_t*>(linked.map.data()), linked.map.size()});
  return 0;
}

void add_input_options(CLI::App& app, Arguments& arguments) {
  app.add_option("objects", arguments.objects,
                 "Objects, in the order of their sections, and archives of objects");
  app.add_option("-l,--library", arguments.libraries,
                 "Archive libNAME.a, or with :NAME the file NAME, of a -L directory")
      ->allow_extra_args(false);
  app.add_option("-L,--library-path", arguments.directories, "Directory for -l")->allow_extra_args(false);
  app.add_flag("--whole-archive", arguments.ignored, "Link all members of the archives that follow");
  app.add_flag("--no-whole-archive", arguments.ignored,
               "Link needed members only of the archives that follow");
  app.add_option("-u,--undefined", arguments.undefined,
                 "Take this symbol from an archive; keep it with --gc-sections")
      ->allow_extra_args(false);
}

void add_output_options(CLI::App& app, Arguments& arguments) {
  app.add_option("-o,--output", arguments.output, "Executable")->capture_default_str();
  app.add_option("-e,--entry", arguments.entry, "Symbol at which the supervisor starts")
      ->capture_default_str();
  app.add_option("-A,--arch,--architecture", arguments.arch, "Architecture")
      ->check(CLI::IsMember({"ipu1", "ipu2", "ipu21"}))
      ->capture_default_str();
  app.add_option("--defsym", arguments.defines, "Symbol NAME=NUMBER, NAME=SYMBOL or NAME=SYMBOL+NUMBER")
      ->allow_extra_args(false);
  app.add_option("--wrap", arguments.wrapped,
                 "References to NAME go to __wrap_NAME, those to __real_NAME to NAME")
      ->allow_extra_args(false);
  app.add_flag("--gc-sections,!--no-gc-sections", arguments.gc_sections,
               "Leave out sections that nothing leads to from the entry and -u");
  app.add_flag("-s,--strip-all", arguments.strip_all, "Write no symbols and no debug information");
  app.add_flag("-S,--strip-debug", arguments.strip_debug, "Write no debug information");
  app.add_option("--map,--Map", arguments.map, "Write the link map to this file");
  app.add_flag("-M,--print-map", arguments.print_map, "Print the link map");
  app.add_flag("-t,--trace", arguments.trace, "Print the files as they are read");
}

// What GNU's linker needs to be told and this one does anyway.
void add_ignored_options(CLI::App& app, Arguments& arguments) {
  const std::string always = "For GNU ld's sake: always so";
  app.add_flag("--start-group,-(", arguments.ignored, always);
  app.add_flag("--end-group,-)", arguments.ignored, always);
  app.add_flag("--static,--Bstatic,--nostdlib,--no-undefined,--no-dynamic-linker,--fatal-warnings",
               arguments.ignored, always);
  app.add_option("-O", arguments.optimize, always);
  app.add_option("-z", arguments.keywords, always)
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"defs", "noexecstack", "nognustack", "norelro"}));
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{
      "Links Colossus (IPU) objects into an executable for one tile. Sections named .region1* go to memory "
      "region 1, all others to region 0. @FILE stands for the arguments in FILE."};
  app.name("ipu-ld");
  add_input_options(app, arguments);
  add_output_options(app, arguments);
  add_ignored_options(app, arguments);
  return tools::run(app, argc, argv, {{}, refused}, [&] {
    if (arguments.objects.empty() && arguments.libraries.empty())
      throw toolchain::ToolError("no input files; --help lists the options");
    return link(arguments, app);
  });
}
