// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/row.hpp"

#include <algorithm>

#include "field_limits.hpp"

namespace ipusim::exchange_planner {
namespace {

using isa::Opcode;

// Operand positions of the count and selector values of isa/exchange.isa.
constexpr unsigned count_operand = 0;
constexpr std::uint32_t select_mux = 0;      // XPIC selector 0
constexpr std::uint32_t select_pointer = 0;  // PIC selector 0
constexpr std::uint32_t select_format = 1;   // PIC selector 1; value 0 = 32-bit words, which changes nothing
constexpr std::uint32_t choose_xpic = 0;     // sendpic
constexpr std::uint32_t choose_pic = 2;

// One instruction in the making.
struct Step {
  std::uint32_t events = 0;
  bool sends = false;
  bool starts = false;  // first words of a run: the address must be given
  std::uint32_t item = 0;
  std::uint8_t directions = 0;
  std::optional<std::uint16_t> source;
  std::optional<std::uint32_t> pointer;
  std::uint16_t selected = 0;  // by the steps before
  bool widened = false;        // sendpicp for no other reason than its two words

  bool controls() const { return source || pointer; }
  // Only sendpicp has both controls, or any on the first word of a run.
  bool wide() const { return widened || (source && pointer) || (starts && controls()); }
  Opcode opcode() const {
    if (wide()) return Opcode::sendpicp;
    if (sends) return starts ? Opcode::send : controls() ? Opcode::sendpic : Opcode::sendoff;
    return source ? Opcode::delayxpic : pointer ? Opcode::delaypic : Opcode::delay;
  }
  std::uint32_t most_events() const { return limits::values(opcode(), count_operand); }
};

RowInstruction encode(const Step& step) {
  const std::uint32_t count = step.events - 1;
  const std::uint32_t source = step.source.value_or(step.selected);
  const std::uint32_t pointer = step.pointer.value_or(0);
  switch (const Opcode opcode = step.opcode()) {
    case Opcode::sendpicp:
      return {opcode,
              {count, step.sends ? step.item : 0, step.directions,
               step.pointer ? select_pointer : select_format, source, pointer}};
    case Opcode::send:
      return {opcode, {count, step.item, step.directions}};
    case Opcode::sendoff:
      return {opcode, {count, 0, step.directions}};
    case Opcode::sendpic:
      return {opcode, {count, step.source ? choose_xpic : choose_pic, step.source ? source : pointer}};
    case Opcode::delayxpic:
      return {opcode, {count, select_mux, source}};
    case Opcode::delaypic:
      return {opcode, {count, select_pointer, pointer}};
    default:
      return {opcode, {count}};
  }
}

// Cuts a step of at least two events after its first one; the second part is returned.
Step cut(Step& step) {
  Step rest = step;
  step.events = 1;
  --rest.events;
  rest.starts = false;
  ++rest.item;
  const bool control_first = step.sends || step.wide();
  Step& without = control_first ? rest : step;
  if (control_first) rest.selected = step.source.value_or(step.selected);
  without.source.reset();
  without.pointer.reset();
  without.widened = false;
  return rest;
}

// Strings steps together so that every two-word one starts on an even word.
class Writer {
 public:
  explicit Writer(std::uint16_t null_source) : selected_(null_source) {}

  void add(Step step) {
    step.selected = selected_;
    selected_ = step.source.value_or(selected_);
    if (step.wide()) {
      if (words_ % 2 != 0) shift();
      fixed_ = steps_.size();
    }
    words_ += step.wide() ? 2U : 1U;
    steps_.push_back(step);
  }

  std::vector<RowInstruction> row() const {
    std::vector<RowInstruction> result;
    result.reserve(steps_.size());
    std::transform(steps_.begin(), steps_.end(), std::back_inserter(result), encode);
    return result;
  }

 private:
  // Makes what has been written one word longer without touching anything up to the last two-word step: by
  // cutting a step in two or, if each takes one event, by writing the first of them in two words.
  void shift() {
    for (std::size_t i = steps_.size(); i-- > fixed_;) {
      if (steps_[i].events < 2) continue;
      const Step rest = cut(steps_[i]);
      steps_.insert(steps_.begin() + static_cast<std::ptrdiff_t>(i) + 1, rest);
      ++words_;
      return;
    }
    const auto first = std::find_if(steps_.begin() + static_cast<std::ptrdiff_t>(fixed_), steps_.end(),
                                    [](const Step& step) { return !step.wide(); });
    first->widened = true;  // there is one: two-word steps alone would leave an even number of words
    ++words_;
  }

  std::vector<Step> steps_;
  std::uint16_t selected_;
  std::size_t words_ = 0;
  std::size_t fixed_ = 0;  // position of the last two-word step
};

// Turns a timeline into steps.
class Composer {
 public:
  Composer(const Timeline& timeline, std::uint16_t null_source)
      : timeline_(timeline), control_(timeline.controls.begin()), writer_(null_source) {}

  std::vector<RowInstruction> compose() {
    for (const Send& send : timeline_.sends) {
      wait_until(send.event);
      stream(send);
    }
    wait_until(timeline_.end);
    return writer_.row();
  }

 private:
  bool control_before(std::int32_t event) const {
    return control_ != timeline_.controls.end() && control_->event < event;
  }

  // Idle events and their controls up to `end`.
  void wait_until(std::int32_t end) {
    while (control_before(end)) {
      const Control& control = *control_++;
      if (control.source && control.pointer) {
        idle(control.event);
        push(step_of(control, following_idle(end)));
      } else {
        wait_for(control);
      }
    }
    idle(end);
  }

  // Events from now on that a two-word step can span, where a delay would have to be written otherwise.
  std::uint32_t following_idle(std::int32_t end) const {
    std::int32_t until = end;
    if (control_before(end)) {
      if (!control_->source || !control_->pointer) return 1;  // a delay in the next control's instruction
      until = control_->event;
    }
    const auto events = static_cast<std::uint32_t>(until - now_);
    return events <= limits::values(Opcode::sendpicp, count_operand) ? events : 1;
  }

  // A control that acts at the last event of its delay.
  void wait_for(const Control& control) {
    Step step = step_of(control, 1);
    const auto needed = static_cast<std::uint32_t>(control.event + 1 - now_);
    step.events = std::min(needed, step.most_events());
    idle(control.event + 1 - static_cast<std::int32_t>(step.events));
    push(step);
  }

  void idle(std::int32_t until) {
    while (now_ < until) {
      Step step;
      step.events = std::min(static_cast<std::uint32_t>(until - now_), step.most_events());
      push(step);
    }
  }

  void stream(const Send& send) {
    const std::int32_t end = send.event + static_cast<std::int32_t>(send.words);
    while (now_ < end) {
      Step step;
      step.sends = true;
      step.starts = now_ == send.event;
      step.item = send.item + static_cast<std::uint32_t>(now_ - send.event);
      step.directions = send.directions;
      if (control_before(now_ + 1)) {
        step.source = control_->source;
        step.pointer = control_->pointer;
        ++control_;
      }
      const std::int32_t until = control_before(end) ? control_->event : end;
      step.events = std::min(static_cast<std::uint32_t>(until - now_), step.most_events());
      push(step);
    }
  }

  static Step step_of(const Control& control, std::uint32_t events) {
    Step step;
    step.events = events;
    step.source = control.source;
    step.pointer = control.pointer;
    return step;
  }
  void push(const Step& step) {
    now_ += static_cast<std::int32_t>(step.events);
    writer_.add(step);
  }

  const Timeline& timeline_;
  std::vector<Control>::const_iterator control_;
  std::int32_t now_ = 0;
  Writer writer_;
};

constexpr std::uint32_t low_bits(unsigned width) { return width >= 32 ? ~0U : (1U << width) - 1U; }

}  // namespace

std::vector<RowInstruction> build_row(const Timeline& timeline, std::uint16_t null_source) {
  return Composer(timeline, null_source).compose();
}

std::vector<std::uint32_t> row_words(std::span<const RowInstruction> row) {
  std::vector<std::uint32_t> words;
  words.reserve(2 * row.size());
  for (const RowInstruction& instruction : row) {
    const isa::Instruction& info = isa::instruction(instruction.opcode);
    const std::size_t begin = words.size();
    words.resize(begin + info.words, 0);
    words[begin] = info.match;
    for (std::size_t i = 0; i < info.operands.size(); ++i) {
      const isa::Operand& operand = info.operands[i];
      for (unsigned s = 0; s < operand.slice_count; ++s) {
        const isa::BitSlice& slice = operand.slices[s];
        const std::uint32_t bits = (instruction.operands[i] >> slice.value_lsb) & low_bits(slice.width);
        words[begin + slice.word] |= bits << slice.word_lsb;
      }
    }
  }
  return words;
}

std::vector<RowInstruction> row_instructions(std::span<const std::uint32_t> words) {
  std::vector<RowInstruction> row;
  for (std::size_t at = 0; at < words.size();) {
    const isa::Instruction& info = isa::instruction(isa::decode(words[at], isa::Mode::supervisor));
    RowInstruction instruction{.opcode = info.opcode};
    for (std::size_t i = 0; i < info.operands.size(); ++i) {
      const isa::Operand& operand = info.operands[i];
      for (unsigned s = 0; s < operand.slice_count; ++s) {
        const isa::BitSlice& slice = operand.slices[s];
        const std::uint32_t bits = (words[at + slice.word] >> slice.word_lsb) & low_bits(slice.width);
        instruction.operands.at(i) |= bits << slice.value_lsb;
      }
    }
    row.push_back(instruction);
    at += info.words;
  }
  return row;
}

}  // namespace ipusim::exchange_planner
