// SPDX-License-Identifier: Apache-2.0
// Values in examples, as isa/semantics writes them.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

// Words that a place holds: 1, or as many as the registers or columns it names. Places: m<n>, a<n> and their
// pairs and quads (a2:3), AACC<n>, CWEI_<unit>_<column> (2 words), an address in hexadecimal, a CSR of one of
// the names given; and what only an example's end has: pc, exit, sync, ahead, sent, worker<n>.<pc or CSR>. 0
// if it is none of these; `sent` holds as many as are written.
unsigned place_words(const std::string& place, const std::vector<CsrSpec>& csrs);

// A value of a place of `words` words. One element per word, half or byte, by their number; a number with
// '.', inf or nan is a float of the element's width, which must hold it exactly. Either the words, lowest
// first, or what is wrong.
std::variant<std::vector<std::uint32_t>, std::string> parse_value(const std::vector<std::string>& elements,
                                                                  unsigned words);

}  // namespace ipusim::isagen
