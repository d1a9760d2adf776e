// SPDX-License-Identifier: Apache-2.0
// The digits program's files as tests read them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ipusim::digits_test {

using Row = std::vector<std::string>;

// firmware/programs/digits
std::filesystem::path program_folder();
// The fields of each line of a CSV file, comment lines (#) left out. Throws std::runtime_error if it cannot
// be read.
std::vector<Row> read_csv(const std::filesystem::path& file);
// The same of a file in data/.
std::vector<Row> read_data(const std::string& name);
// digits.csv.gz: 1,797 rows of 64 pixels and a label.
std::vector<Row> read_dataset();
// The whole file. Throws std::runtime_error if it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace ipusim::digits_test
