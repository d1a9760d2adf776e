// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "fmt/format.h"

namespace ipusim::digits_test {

namespace fs = std::filesystem;

fs::path program_folder() { return fs::path{IPUSIM_SOURCE_DIR} / "firmware/programs/digits"; }

std::string read_text(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<Row> read_csv(const fs::path& file) {
  std::istringstream stream{read_text(file)};
  std::vector<Row> rows;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields{line};
    Row row;
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    rows.push_back(row);
  }
  return rows;
}

std::vector<Row> read_data(const std::string& name) { return read_csv(program_folder() / "data" / name); }

std::vector<Row> read_dataset() {
  const fs::path plain = fs::temp_directory_path() / fmt::format("ipusim_digits_{}.csv", ::getpid());
  const std::string command =
      fmt::format("gzip -dc '{}' >'{}'", (program_folder() / "data/digits.csv.gz").string(), plain.string());
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  std::vector<Row> rows = read_csv(plain);
  fs::remove(plain);
  return rows;
}

}  // namespace ipusim::digits_test
