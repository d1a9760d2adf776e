// SPDX-License-Identifier: Apache-2.0
// What a user can put right: a bad file, option or value. Ends the program with exit code 2.
#pragma once

#include <stdexcept>

namespace ipusim {

// what(): a whole message, with "file:line" in front where there is one.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ipusim
