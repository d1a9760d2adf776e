// SPDX-License-Identifier: Apache-2.0
// What the names in an expression are: registers of a context, symbols and memory of its tile, the cycle.
#pragma once

#include <functional>
#include <string>

#include "ipusim/app/debug/expression.hpp"
#include "ipusim/app/debug/program_view.hpp"
#include "ipusim/app/debug/session.hpp"

namespace ipusim::app {

// Registers are named as in assembly: $m3, $a3, $lr, $mzero; pairs $m2:3 are 64 bits wide. $pc and pc, $cycle
// and cycle; every other name behind a $ is that of a CSR that the context can read, or an accumulator,
// $aacc0. Registers and addresses are unsigned.
class RegisterScope : public ExpressionScope {
 public:
  using ParsePlace = std::function<ByteAddr(const std::string&)>;
  // The arguments must outlive the scope.
  RegisterScope(const Session& session, ProgramView& view, TileIndex tile, Context context,
                ParsePlace parse_place)
      : session_(session),
        view_(view),
        tile_(tile),
        context_(context),
        parse_place_(std::move(parse_place)) {}

  std::int64_t read_register(const std::string& name) override;
  std::int64_t symbol(const std::string& name) override;
  std::int64_t place(const std::string& text) override { return parse_place_(text).value(); }
  std::uint64_t read_memory(std::int64_t address, unsigned bytes) override;

 private:
  std::uint32_t read(tile::RegisterWrite::File file, unsigned index) const;
  std::optional<std::int64_t> numbered(const std::string& name) const;
  std::int64_t csr(const std::string& name) const;

  const Session& session_;
  ProgramView& view_;
  TileIndex tile_;
  Context context_;
  ParsePlace parse_place_;
};

}  // namespace ipusim::app
