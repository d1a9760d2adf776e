// SPDX-License-Identifier: Apache-2.0
// Where in a file something stands, kept as plain data for errors that only later steps can find.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace ipusim::config {

// what(): "file:line:column: key 'a.b[2].c': expected ..., got ...".
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A place in a configuration file; empty for what was made without one.
struct SourcePlace {
  std::string file;
  int line = 0;     // from 1; 0: the file as a whole
  int column = 0;   // from 1
  std::string key;  // 'a.b[2].c'; empty at the root

  bool empty() const { return file.empty(); }
  // "file:line:column", "file" of a file as a whole; empty if there is none.
  std::string place() const;
  // "file:line:column: key 'a.b[2].c'", what is empty left out.
  std::string place_and_key() const;
  // An error here; the message alone if there is no place.
  ConfigError error(std::string_view message) const;
  friend bool operator==(const SourcePlace&, const SourcePlace&) = default;
};

}  // namespace ipusim::config
