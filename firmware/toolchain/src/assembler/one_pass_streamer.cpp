// SPDX-License-Identifier: Apache-2.0
#include "one_pass_streamer.hpp"

#include <string>

#include "llvm/MC/MCAssembler.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCFragment.h"
#include "llvm/MC/MCSection.h"
#include "llvm/MC/MCSymbol.h"
#include "llvm/MC/MCValue.h"
#include "llvm/Support/raw_ostream.h"

namespace llvm::Colossus {
namespace {

// More is left to the layout, which need not hold it in memory. Larger than any tile's memory.
constexpr std::uint64_t most_written_at_once = 1U << 20U;

bool is_zero(const MCExpr* subsection) {
  std::int64_t number = 0;
  return subsection == nullptr || (subsection->evaluateAsAbsolute(number) && number == 0);
}

}  // namespace

OnePassStreamer::Position OnePassStreamer::position() const {
  const MCSectionSubPair section = getCurrentSection();
  // What lies before another subsection is not complete yet.
  if (section.first == nullptr || !is_zero(section.second)) return {1, 0};
  std::uint64_t bytes = 0;
  const MCFragment* fragment = getCurrentFragment();
  if (fragment == nullptr) return {0, 0};
  for (MCSection::const_iterator at(fragment);; --at) {
    if (const auto* data = dyn_cast<MCDataFragment>(&*at)) {
      bytes += data->getContents().size();
    } else {
      const auto* padding = dyn_cast<MCAlignFragment>(&*at);
      const bool aligned = padding != nullptr && padding->getMaxBytesToEmit() >= padding->getAlignment();
      return {aligned ? padding->getAlignment() : 1, bytes};
    }
    if (at == section.first->begin()) return {0, bytes};
  }
}

std::optional<std::uint64_t> OnePassStreamer::position_modulo(std::uint64_t alignment) const {
  const Position here = position();
  if (here.modulus % alignment != 0) return std::nullopt;
  return here.offset % alignment;
}

std::optional<std::uint64_t> OnePassStreamer::padding(unsigned alignment, unsigned most) const {
  const auto offset = position_modulo(alignment);
  if (!offset) return std::nullopt;
  const std::uint64_t bytes = (alignment - *offset) % alignment;
  if (most != 0 && bytes > most) return 0;
  if (bytes > most_written_at_once) return std::nullopt;
  return bytes;
}

// Only labels in a data fragment are at a place; LLVM holds others back until something follows them.
void OnePassStreamer::emitLabel(MCSymbol* symbol, SMLoc location) {
  if (getCurrentSectionOnly() != nullptr) getOrCreateDataFragment();
  MCELFStreamer::emitLabel(symbol, location);
}

void OnePassStreamer::emitCodeAlignment(unsigned alignment, const MCSubtargetInfo* subtarget, unsigned most) {
  const auto bytes = padding(alignment, most);
  if (!bytes) return MCELFStreamer::emitCodeAlignment(alignment, subtarget, most);
  std::string nops;
  raw_string_ostream stream(nops);
  getAssembler().getBackend().writeNopData(stream, *bytes, subtarget);
  append(stream.str());
  raise_section_alignment(alignment);
}

void OnePassStreamer::emitValueToAlignment(unsigned alignment, std::int64_t value, unsigned value_size,
                                           unsigned most) {
  const auto bytes = padding(alignment, most);
  if (!bytes || *bytes % value_size != 0)
    return MCELFStreamer::emitValueToAlignment(alignment, value, value_size, most);
  std::string values;
  while (values.size() < *bytes)
    for (unsigned byte = 0; byte < value_size; ++byte)
      values += static_cast<char>(static_cast<std::uint64_t>(value) >> (8U * byte));
  append(values);
  raise_section_alignment(alignment);
}

void OnePassStreamer::emitFill(const MCExpr& count, std::uint64_t value, SMLoc location) {
  std::int64_t bytes = 0;
  if (!count.evaluateAsAbsolute(bytes, getAssemblerPtr()) || bytes < 0 ||
      static_cast<std::uint64_t>(bytes) > most_written_at_once)
    return MCELFStreamer::emitFill(count, value, location);
  append(std::string(static_cast<std::size_t>(bytes), static_cast<char>(value)));
}

void OnePassStreamer::emitValueToOffset(const MCExpr* target, unsigned char value, SMLoc location) {
  const Position here = position();
  const auto offset = offset_of(*target);
  if (here.modulus != 0 || !offset) return MCELFStreamer::emitValueToOffset(target, value, location);
  if (*offset < here.offset)  // the layout would say so as often as it is made
    return getContext().reportError(
        location, "the location counter cannot go back from " + Twine(here.offset) + " to " + Twine(*offset));
  if (*offset - here.offset > most_written_at_once)
    return MCELFStreamer::emitValueToOffset(target, value, location);
  append(std::string(*offset - here.offset, static_cast<char>(value)));
}

// Of a number, or of a label in the current fragment plus a number, in bytes from the section's start.
std::optional<std::uint64_t> OnePassStreamer::offset_of(const MCExpr& target) {
  std::int64_t offset = 0;
  if (!target.evaluateAsAbsolute(offset, getAssemblerPtr())) {
    MCValue value;
    if (!target.evaluateAsRelocatable(value, nullptr, nullptr)) return std::nullopt;
    const MCSymbolRefExpr* label = value.getSymA();
    if (label == nullptr || value.getSymB() != nullptr) return std::nullopt;
    const auto* fragment = dyn_cast_or_null<MCDataFragment>(getCurrentFragment());
    const MCSymbol& symbol = label->getSymbol();
    if (fragment == nullptr || symbol.isVariable() || symbol.getFragment(false) != fragment)
      return std::nullopt;
    offset =
        value.getConstant() +
        static_cast<std::int64_t>(position().offset - fragment->getContents().size() + symbol.getOffset());
  }
  if (offset < 0) return std::nullopt;
  return static_cast<std::uint64_t>(offset);
}

// Unlike emitBytes() without an entry in the line table: it is the next instruction's.
void OnePassStreamer::append(StringRef bytes) {
  before_writing(bytes.size());
  MCDataFragment* fragment = getOrCreateDataFragment();
  flushPendingLabels(fragment, fragment->getContents().size());
  fragment->getContents().append(bytes.begin(), bytes.end());
}

void OnePassStreamer::raise_section_alignment(unsigned alignment) {
  MCSection& section = *getCurrentSectionOnly();
  if (alignment > section.getAlignment()) section.setAlignment(Align(alignment));
}

}  // namespace llvm::Colossus
