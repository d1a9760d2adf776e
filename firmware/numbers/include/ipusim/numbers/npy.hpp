// SPDX-License-Identifier: Apache-2.0
// The .npy format of NumPy (its description: numpy.lib.format, versions 1 to 3). A reader of our own:
// Debian has no library for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ipusim::numbers {

// One number of an array: bool, integer or float.
struct NpyType {
  char kind = 'f';        // 'b', 'i', 'u' or 'f'
  std::size_t bytes = 4;  // 1 (b, i, u), 2, 4 or 8
  bool big_endian = false;
};

struct NpyHeader {
  NpyType type;
  bool fortran_order = false;  // the first index runs fastest
  std::vector<std::uint64_t> shape;
  std::size_t data = 0;  // where in the file the numbers begin
};

// Throws InputError naming the file: no .npy file, damaged, numbers missing or left over, a dtype that holds
// no such numbers.
NpyHeader parse_npy_header(std::string_view file, const std::string& name);

// A whole file of version 1.0: little-endian, C order. `descr`: such as "<f4".
std::string make_npy(std::string_view descr, const std::vector<std::uint64_t>& shape, std::string_view data);

}  // namespace ipusim::numbers
