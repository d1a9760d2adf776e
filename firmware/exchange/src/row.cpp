// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/row.hpp"

#include <algorithm>

#include "field_limits.hpp"

namespace ipusim::exchange_planner {
namespace {

using isa::Opcode;

// Operand positions of the count and selector values of isa/exchange.isa.
constexpr unsigned count_operand = 0;
constexpr std::uint32_t select_mux = 0;  // XPIC selectors
constexpr std::uint32_t select_pair = 1;
constexpr std::uint32_t select_pointer = 0;  // PIC selectors
constexpr std::uint32_t select_format = 1;
constexpr std::uint32_t choose_xpic = 0;  // sendpic; the selector comes on top
constexpr std::uint32_t choose_pic = 2;
constexpr unsigned pair_bit = 13;  // of the XPIC field of sendpicp

struct Selected {
  std::uint32_t selector = 0;
  std::uint32_t value = 0;
};

// One instruction in the making.
struct Step {
  std::uint32_t events = 0;
  bool sends = false;
  bool starts = false;  // first words of a run: the address must be given
  std::uint32_t item = 0;
  std::uint8_t directions = 0;
  std::optional<Selected> xpic;
  std::optional<Selected> pic;
  // By the steps before: what a control that is not wanted says again, so that it changes nothing.
  std::uint32_t source = 0;
  std::uint32_t format = 0;
  bool widened = false;  // sendpicp for no other reason than its two words

  bool controls() const { return xpic || pic; }
  // Only sendpicp has both controls, or any on the first word of a run.
  bool wide() const { return widened || (xpic && pic) || (starts && controls()); }
  Opcode opcode() const {
    if (wide()) return Opcode::sendpicp;
    if (sends) return starts ? Opcode::send : controls() ? Opcode::sendpic : Opcode::sendoff;
    return xpic ? Opcode::delayxpic : pic ? Opcode::delaypic : Opcode::delay;
  }
  std::uint32_t most_events() const { return limits::values(opcode(), count_operand); }
};

RowInstruction encode(const Step& step) {
  const std::uint32_t count = step.events - 1;
  const Selected xpic = step.xpic.value_or(Selected{select_mux, step.source});
  const Selected pic = step.pic.value_or(Selected{select_format, step.format});
  switch (const Opcode opcode = step.opcode()) {
    case Opcode::sendpicp:
      return {opcode,
              {count, step.sends ? step.item : 0, step.directions, pic.selector,
               xpic.selector << pair_bit | xpic.value, pic.value}};
    case Opcode::send:
      return {opcode, {count, step.item, step.directions}};
    case Opcode::sendoff:
      return {opcode, {count, 0, step.directions}};
    case Opcode::sendpic:
      return step.xpic ? RowInstruction{opcode, {count, choose_xpic + xpic.selector, xpic.value}}
                       : RowInstruction{opcode, {count, choose_pic + pic.selector, pic.value}};
    case Opcode::delayxpic:
      return {opcode, {count, xpic.selector, xpic.value}};
    case Opcode::delaypic:
      return {opcode, {count, pic.selector, pic.value}};
    default:
      return {opcode, {count}};
  }
}

// What stands after a step, for the next one.
void follow(Step& next, const Step& step) {
  next.source = step.xpic && step.xpic->selector == select_mux ? step.xpic->value : step.source;
  next.format = step.pic && step.pic->selector == select_format ? step.pic->value : step.format;
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
  if (control_first) follow(rest, step);
  without.xpic.reset();
  without.pic.reset();
  without.widened = false;
  return rest;
}

// Strings steps together so that every two-word one starts on an even word.
class Writer {
 public:
  explicit Writer(std::uint16_t null_source) { state_.source = null_source; }

  void add(Step step) {
    step.source = state_.source;
    step.format = state_.format;
    follow(state_, step);
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
  Step state_;  // only what stands after the steps
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
      if (xpic_of(control) && pic_of(control)) {
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
      if (!xpic_of(*control_) || !pic_of(*control_)) return 1;  // a delay in the next control's instruction
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
    const std::int32_t end = send.event + static_cast<std::int32_t>(send.items);
    while (now_ < end) {
      Step step;
      step.sends = true;
      step.starts = now_ == send.event;
      step.item = send.item + static_cast<std::uint32_t>(now_ - send.event);
      step.directions = send.directions;
      if (control_before(now_ + 1)) {
        step.xpic = xpic_of(*control_);
        step.pic = pic_of(*control_);
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
    step.xpic = xpic_of(control);
    step.pic = pic_of(control);
    return step;
  }
  static std::optional<Selected> xpic_of(const Control& control) {
    if (control.source) return Selected{select_mux, *control.source};
    if (control.pair_source) return Selected{select_pair, *control.pair_source};
    return std::nullopt;
  }
  static std::optional<Selected> pic_of(const Control& control) {
    if (control.pointer) return Selected{select_pointer, *control.pointer};
    if (control.format) return Selected{select_format, *control.format};
    return std::nullopt;
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
