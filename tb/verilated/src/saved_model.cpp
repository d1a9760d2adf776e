// SPDX-License-Identifier: Apache-2.0
// The RTL's state through Verilator's savable model.
#include <verilated_save.h>

#include <cstring>
#include <stdexcept>

#include "ipusim/base/state.hpp"
#include "model.hpp"

namespace ipusim::rtl {
namespace {

// Verilator's streams, in memory. They move their data through a buffer of theirs, of which they want some
// room to be left.
class Output final : public VerilatedSerialize {
 public:
  Output() { m_isOpen = true; }
  void flush() override {
    const auto* from = reinterpret_cast<const std::byte*>(m_bufp);
    bytes_.insert(bytes_.end(), from, from + (m_cp - m_bufp));
    m_cp = m_bufp;
  }
  std::vector<std::byte> take() {
    flush();
    return std::move(bytes_);
  }

 private:
  std::vector<std::byte> bytes_;
};

class Input final : public VerilatedDeserialize {
 public:
  // As many bytes as will be read.
  explicit Input(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {
    bytes_.resize(bytes_.size() + bufferInsertSize());
    m_cp = reinterpret_cast<std::uint8_t*>(bytes_.data());
    m_endp = m_cp + bytes_.size();
    m_isOpen = true;
  }
  void fill() override { throw std::logic_error("the state of the RTL is longer than what was saved"); }

 private:
  std::vector<std::byte> bytes_;
};

// A stream begins with a number that stands for the design, and goes on with the simulator's own state (time,
// limits, names of files), which is no part of the tile.
constexpr std::size_t design_bytes = sizeof(std::uint64_t);

std::size_t head_bytes(const std::vector<std::byte>& stream) {
  std::size_t at = design_bytes + VerilatedContext::serialized1Size();
  constexpr unsigned names = 2;
  for (unsigned i = 0; i < names; ++i) {
    std::uint32_t length = 0;
    std::memcpy(&length, &stream.at(at), sizeof length);
    at += sizeof length + length;
  }
  return at;
}

std::uint64_t design_of(const std::vector<std::byte>& stream) {
  std::uint64_t design = 0;
  std::memcpy(&design, stream.data(), design_bytes);
  return design;
}

}  // namespace

std::vector<std::byte> Model::stream() const {
  Output output;
  output << *top_;
  return output.take();
}

void Model::save(StateWriter& to) const {
  const std::vector<std::byte> bytes = stream();
  to.same("RTL design", design_of(bytes));
  to.sparse(std::span{bytes}.subspan(head_bytes(bytes)));
  to(half_clocks_);
}

void Model::load(StateReader& from) {
  std::vector<std::byte> bytes = stream();
  from.same("RTL design", design_of(bytes));
  from.sparse(std::span{bytes}.subspan(head_bytes(bytes)));
  Input input(std::move(bytes));
  input >> *top_;
  from(half_clocks_);
}

}  // namespace ipusim::rtl
