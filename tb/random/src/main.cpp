// SPDX-License-Identifier: Apache-2.0
// ipu-random: random programs on both tile models in lockstep.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ipusim/random/campaign.hpp"
#include "ipusim/tile/names.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::random;

constexpr int exit_agree = 0, exit_differ = 1, exit_bad_input = 2;

struct Options {
  CampaignOptions campaign;
  std::string weights;
  std::string json;
  std::string coverage;
  std::vector<std::string> replay;
  bool print = false;
};

nlohmann::json as_json(const CampaignResult& result, isa::Arch arch) {
  const Statistics& s = result.statistics;
  nlohmann::json json;
  json["architecture"] = isa::arch_info(arch).name;
  json["seeds"] = {{"first", result.first_seed}, {"count", result.seeds}};
  json["bundles"] = s.bundles();
  json["received_words"] = s.received();
  json["hazards"] = s.hazards();
  for (unsigned c = 0; c < Context::count; ++c)
    json["contexts"][Context::from_index(c).name()] = s.of_context(c);
  const auto families = s.by_family();
  for (std::size_t f = 0; f < family_count; ++f) {
    json["families"][std::string{name(static_cast<Family>(f))}] = families[f];
  }
  for (const isa::Instruction& i : isa::all_instructions()) {
    if (s.of(i.opcode) != 0) json["instructions"][std::string{i.id}] = s.of(i.opcode);
  }
  for (const auto& [cause, count] : s.exceptions())
    json["exceptions"][std::string{tile::name_of(static_cast<tile::ExceptionCause>(cause))}] = count;
  json["never_run"] = s.never_run(arch);
  json["differences"] = nlohmann::json::array();
  for (const FoundDifference& d : result.differences) {
    json["differences"].push_back({{"seed", d.seed},
                                   {"cycle", d.difference.cycle},
                                   {"sort", d.difference.sort},
                                   {"message", d.difference.message},
                                   {"runs_to_shrink", d.shrink_runs},
                                   {"file", d.file.string()}});
  }
  return json;
}

void write_json(const nlohmann::json& json, const std::string& file) {
  std::ofstream out(file);
  out << json.dump(2) << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

void print_summary(const CampaignResult& result, isa::Arch arch) {
  std::cout << fmt::format("{} bundles of {} seeds from {}: ", result.statistics.bundles(), result.seeds,
                           result.first_seed)
            << (result.differences.empty() ? "both models agree\n"
                                           : fmt::format("{} differences\n", result.differences.size()));
  const auto families = result.statistics.by_family();
  for (std::size_t f = 0; f < family_count; ++f) {
    std::cout << fmt::format("  {:<11} {:>10}\n", name(static_cast<Family>(f)), families[f]);
  }
  const auto never = result.statistics.never_run(arch);
  if (!never.empty()) std::cout << fmt::format("  {} of the usable instructions did not run\n", never.size());
}

int run_seeds(const Options& options) {
  const CampaignResult result = run_campaign(options.campaign);
  for (const FoundDifference& d : result.differences) {
    std::cout << fmt::format("seed {} made small in {} runs{}:\n{}\n", d.seed, d.shrink_runs,
                             d.file.empty() ? "" : ", " + d.file.string(), d.scenario);
  }
  const isa::Arch arch = options.campaign.generator.arch;
  print_summary(result, arch);
  if (!options.json.empty()) write_json(as_json(result, arch), options.json);
  if (!options.coverage.empty()) write_json(result.coverage.report(arch), options.coverage);
  return result.differences.empty() ? exit_agree : exit_differ;
}

int replay(const Options& options) {
  bool differs = false;
  for (const std::string& file : options.replay) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    Scenario scenario;
    try {
      scenario = read_scenario(in);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(file + ": " + error.what());
    }
    const Outcome outcome = run(scenario, {nullptr, options.campaign.waves, options.campaign.reload});
    std::cout << file << ": " << (outcome.difference ? outcome.difference->message : "both models agree")
              << '\n';
    differs = differs || outcome.difference;
  }
  return differs ? exit_differ : exit_agree;
}

int print(const Options& options) {
  write_scenario(make_scenario(options.campaign.first_seed, options.campaign.generator), std::cout);
  return exit_agree;
}

// An option that takes one of a few words; the help shows them.
template <class Enum>
void add_choice(CLI::App& app, const std::string& name, Enum& target,
                const std::map<std::string, Enum>& choices, const std::string& help) {
  std::vector<std::string> words;
  CLI::Option* option = app.add_option_function<std::string>(
      name, [&target, choices](const std::string& word) { target = choices.at(word); }, help);
  for (const auto& [word, value] : choices) {
    words.push_back(word);
    if (value == target) option->default_str(word);
  }
  option->check(CLI::IsMember(words));
}

// Found before a campaign has run for hours.
std::string check_output_file(const std::string& name) {
  const std::filesystem::path file{name};
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return name + " is a folder, but a file is needed";
  if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path(), ignored))
    return file.parent_path().string() + " is no folder";
  return {};
}

std::string check_output_folder(const std::string& name) {
  std::error_code ignored;
  const bool is_other =
      std::filesystem::exists(name, ignored) && !std::filesystem::is_directory(name, ignored);
  return is_other ? name + " is a file, but a folder is needed" : "";
}

void declare(CLI::App& app, Options& o) {
  add_choice<isa::Arch>(app, "--architecture", o.campaign.generator.arch,
                        {{"ipu1", isa::Arch::ipu1}, {"ipu2", isa::Arch::ipu2}, {"ipu21", isa::Arch::ipu21}},
                        "of the tiles");
  app.add_option("--bundles", o.campaign.bundles, "run at least so many")->capture_default_str();
  app.add_option("--seed", o.campaign.first_seed, "the first; the others follow")->capture_default_str();
  app.add_option("--seeds", o.campaign.seeds, "run exactly so many seeds, whatever the bundles");
  app.add_option("--jobs", o.campaign.jobs, "threads; the result is the same")->capture_default_str();
  app.add_flag("--checkpoint", o.campaign.reload,
               "run every program once more with tiles that are saved and loaded again at random times");
  add_choice<Kind>(app, "--kind", o.campaign.generator.kind,
                   {{"program", Kind::program},
                    {"debug", Kind::debug},
                    {"words", Kind::words},
                    {"faults", Kind::faults},
                    {"exchange", Kind::exchange},
                    {"any", Kind::any}},
                   "of programs; exchange: on 2 to 4 tiles, debug: with a debugger beside it");
  app.add_option(
      "--weights", o.weights,
      "families to draw more or less often, e.g. f16=40,memory=0: integer, bits, memory, pace, f32, f16, "
      "f8, accumulate, function, random, control, csr, supervisor, exchange");
  app.add_option("--max-differences", o.campaign.max_differences, "stop after so many")
      ->capture_default_str();
  app.add_option("--shrink-runs", o.campaign.shrink_runs,
                 "at most so many runs to make a difference small; 0: none")
      ->capture_default_str();
  const CLI::Validator output_file(check_output_file, "");
  const CLI::Validator output_folder(check_output_folder, "");
  app.add_option("--save", o.campaign.save, "directory for scenarios that differ")->check(output_folder);
  app.add_option("--waves", o.campaign.waves, "directory for waves of differences")->check(output_folder);
  app.add_option("--json", o.json, "write the summary here")->check(output_file);
  app.add_option("--coverage", o.coverage, "write how often each situation occurred here (scripts/coverage)")
      ->check(output_file);
  app.add_option("--replay", o.replay, "run these scenario files instead of seeds")->check(CLI::ExistingFile);
  app.add_flag("--print", o.print, "only print the scenario of --seed");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Runs random programs on the fast tile and the RTL tile in lockstep, makes what differs small and "
      "saves "
      "it.\nExit codes: 0 the models agree, 1 they differ, 2 bad input."};
  app.name("ipu-random");
  Options options;
  options.campaign.tell = [](const std::string& text) { std::cerr << text << '\n'; };
  declare(app, options);
  try {
    app.parse(argc, argv);
    options.campaign.coverage = !options.coverage.empty();
    options.campaign.generator.weights = parse_weights(options.weights);
    if (options.print) return print(options);
    return options.replay.empty() ? run_seeds(options) : replay(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_agree : exit_bad_input;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return exit_bad_input;
  }
}
