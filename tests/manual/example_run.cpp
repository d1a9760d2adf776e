// SPDX-License-Identifier: Apache-2.0
#include "example_run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "ipusim/tile/names.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::manual {
namespace {

using isa::Mode;
using isa::Opcode;
using tile::RegisterWrite;
using tile::StopReason;
using tile::test::Program;

// Where things lie; everything executable that is not code is filled with traps, so that wherever an example
// goes, the tile stops there.
constexpr ByteAddr worker_example{0x4D800};
constexpr ByteAddr supervisor_example{0x4C800};
constexpr ByteAddr traps_end{0x4E000};
constexpr ByteAddr state_words{0x70000};
constexpr ByteAddr coefficient_words{0x71000};
constexpr unsigned m_count = 12;
constexpr unsigned a_count = 8;
constexpr unsigned accumulators = 32;
constexpr unsigned coefficients = 64;
constexpr std::uint64_t patience = 100000;
constexpr std::array<std::string_view, 6> compared_csrs{"FP_STS",   "TAS",      "PRNG_0_0",
                                                        "PRNG_0_1", "PRNG_1_0", "PRNG_1_1"};

// The names of single words of a place that holds several.
std::vector<std::string> single_places(const isa::StateValue& value) {
  const std::string place(value.place);
  const std::size_t colon = place.find(':');
  if (value.words.size() == 1 && colon == std::string::npos) return {place};
  std::vector<std::string> places;
  for (std::size_t i = 0; i < value.words.size(); ++i)
    places.push_back(colon == std::string::npos
                         ? fmt::format("{}.{}", place, i)
                         : fmt::format("{}{}", place[0], std::stoul(place.substr(1, colon - 1)) + i));
  return places;
}

std::map<std::string, std::uint32_t> by_word(std::span<const isa::StateValue> values) {
  std::map<std::string, std::uint32_t> words;
  for (const isa::StateValue& value : values) {
    const auto places = single_places(value);
    for (std::size_t i = 0; i < places.size(); ++i) words[places[i]] = value.words[i];
  }
  return words;
}

std::uint32_t address_of(const std::string& place) {
  return static_cast<std::uint32_t>(std::stoul(place, nullptr, 16));
}

}  // namespace

std::vector<std::uint32_t> assemble(std::string_view code, Mode mode) {
  toolchain::AssemblerOptions options;
  options.arch = isa::Arch::ipu21;
  options.mode = mode;
  options.preprocess = false;
  options.debug = false;
  toolchain::LinkOptions link_options;
  link_options.arch = options.arch;
  const std::string text = fmt::format(".globl _start\n_start:\n{}\n", code);
  const auto linked = toolchain::link({toolchain::assemble_text(text, "example", options)}, link_options);
  const auto& bytes = linked.image.segments.at(0).bytes;
  std::vector<std::uint32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), words.size() * 4);
  return words;
}

Mode mode_of(const isa::Example& example) {
  const isa::Explanation* entry = isa::find_explanation(example.mnemonic);
  for (const isa::ExplainedForm& form : entry->forms)
    if (isa::instruction(form.opcode).mnemonic == example.mnemonic)
      return isa::instruction(form.opcode).mode == Mode::supervisor ? Mode::supervisor : Mode::worker;
  return Mode::worker;
}

ExampleRun::ExampleRun(const tile::test::TileKind& kind, const isa::Example& example)
    : example_(example),
      mode_(mode_of(example)),
      context_(mode_ == Mode::supervisor ? Context::supervisor() : Context::worker(0)),
      code_(assemble(example.code, mode_)),
      before_(by_word(example.before)),
      after_(by_word(example.after)),
      tile_(kind.make({TileId{0}, isa::Arch::ipu21})) {
  tile_->reset();
  tile_->attach(&port_);
  tile_->attach(&recorder_);
  for (const isa::StateValue& value : example.after)
    if (value.place == "sent") sent_.assign(value.words.begin(), value.words.end());
}

bool ExampleRun::sets(std::string_view prefix) const {
  return std::any_of(before_.begin(), before_.end(),
                     [&](const auto& value) { return value.first.starts_with(prefix); });
}

std::uint32_t ExampleRun::expected(const std::string& place) const {
  const auto found = after_.find(place);
  return found == after_.end() ? given(place) : found->second;
}

std::uint32_t ExampleRun::given(const std::string& place) const {
  const auto found = before_.find(place);
  return found == before_.end() ? 0 : found->second;
}

std::uint32_t ExampleRun::csr(const Context& context, const std::string& name) const {
  const isa::Csr* row = find_csr(context.is_worker() ? Mode::worker : Mode::supervisor, name);
  if (row == nullptr) {
    ADD_FAILURE() << "no CSR " << name;
    return 0;
  }
  return tile_->read_register(context, RegisterWrite::File::csr, row->index);
}

void ExampleRun::add_coefficients(Program& program) const {
  if (!sets("CWEI_")) return;
  program.set_m(0, coefficient_words.value());
  program.add(Opcode::put_mmmn_zi, {0, find_csr(Mode::supervisor, "CCCSLOAD")->index});
  for (std::uint32_t n = 0; n < coefficients; ++n) program.add(Opcode::ld64putcs_mmmn_zi, {n});
}

Program ExampleRun::supervisor() const {
  constexpr std::uint32_t lc_set = 2;
  Program p(tile::test::code);
  add_coefficients(p);
  p.set_m(0, lc_set);
  p.add(Opcode::put_mmmn_zi, {0, find_csr(Mode::supervisor, "CR")->index});
  if (mode_ == Mode::worker) {
    p.set_m(0, tile::test::worker_code.value());
    p.set_m(1, tile::test::data.value() - isa::arch_info(isa::Arch::ipu21).memory_base);
    p.add(Opcode::run_mmmn_zi, {0, 1, 0});
    p.add(Opcode::sync, {2});
    p.add(Opcode::trap_mmmn_zi, {1});
    return p;
  }
  for (const auto& [place, value] : before_) {
    const isa::Csr* row = find_csr(Mode::supervisor, place);
    if (row == nullptr) continue;
    p.set_m(0, value);
    p.add(Opcode::put_mmmn_zi, {0, row->index});
  }
  for (unsigned n = 0; n < m_count; ++n) p.set_m(n, given(fmt::format("m{}", n)));
  p.add(Opcode::bri_mmmn_zi, {supervisor_example.value()});
  return p;
}

Program ExampleRun::worker() const {
  constexpr unsigned upper_space = 0x100;
  Program p(tile::test::worker_code);
  p.set_m(8, state_words.value());
  if (sets("AACC")) {
    // Eight pairs through each row, the first to the front; rows are E and C of set 0, E and C of set 1.
    for (std::uint32_t pair = 0; pair < accumulators / 2; ++pair) {
      p.add(Opcode::ld64_mman_zi, {8, 15, pair, 0});
      p.add(Opcode::f32v2gina_aaan_zi, {14, 0, pair / 4});
    }
  }
  for (const auto& [place, value] : before_) {
    const isa::Csr* row = find_csr(Mode::worker, place);
    if (row == nullptr) continue;
    EXPECT_GE(row->index, upper_space) << "examples set CSRs of the upper space only: " << place;
    p.set_m(9, value);
    p.add(Opcode::st32_mmmn_zi, {8, 15, accumulators, 9});
    p.add(Opcode::ld32_mman_zi, {8, 15, accumulators, 0});
    p.add(Opcode::uput_aaan_zi, {0, row->index - upper_space});
  }
  for (unsigned n = 0; n < a_count; ++n) p.add(Opcode::ld32_mman_zi, {8, 15, accumulators + 1 + n, n});
  for (unsigned n = 0; n < m_count; ++n) p.set_m(n, given(fmt::format("m{}", n)));
  p.add(Opcode::bri_mmmn_zi, {worker_example.value()});
  return p;
}

void ExampleRun::load() {
  const auto write = [&](ByteAddr at, std::span<const std::uint32_t> words) {
    tile_->write_memory(at, std::as_bytes(words));
  };
  Program traps(tile::test::code);
  while (traps.here() < traps_end) traps.add(Opcode::trap_mmmn_zi, {0});
  write(traps.base(), traps.words());
  write(mode_ == Mode::worker ? worker_example : supervisor_example, code_);
  std::vector<std::uint32_t> state;
  for (const unsigned row : {0U, 1U, 16U, 17U})
    for (unsigned i = 0; i < accumulators / 4; ++i)
      state.push_back(given(fmt::format("AACC{}", row + 2 * i)));
  state.push_back(0);
  for (unsigned n = 0; n < a_count; ++n) state.push_back(given(fmt::format("a{}", n)));
  write(state_words, state);
  std::vector<std::uint32_t> columns;
  for (unsigned n = 0; n < coefficients; ++n)
    for (unsigned word = 0; word < 2; ++word)
      columns.push_back(given(fmt::format("CWEI_{}_{}.{}", n / 4, n % 4, word)));
  write(coefficient_words, columns);
  for (const auto& [place, value] : before_)
    if (place.starts_with("0x")) write(ByteAddr{address_of(place)}, {&value, 1});
  write(supervisor().base(), supervisor().words());
  if (mode_ == Mode::worker) write(worker().base(), worker().words());
}

void ExampleRun::run() {
  tile_->start(tile::test::code, tile::test::first_cycle);
  for (;;) {
    stop_ = tile_->advance(tile_->now() + patience);
    if (stop_.reason != StopReason::sync) break;
    zones_.push_back(stop_.sync_zone);
    tile_->release_sync(stop_.cycle + tile::min_release_delay);
  }
}

void ExampleRun::compare_fault() const {
  const ByteAddr base = mode_ == Mode::worker ? worker_example : supervisor_example;
  const auto& exception = stop_.exception;
  EXPECT_EQ(tile::name_of(exception.cause), example_.fault);
  EXPECT_EQ(exception.context, context_);
  EXPECT_GE(exception.pc, base);
  EXPECT_LT(exception.pc, base + static_cast<std::uint32_t>(4 * code_.size()));
  EXPECT_TRUE(isa::belongs(exception.cause, exception.type)) << tile::name_of(exception.type);
}

// Where the example ended.
void ExampleRun::compare_stop() const {
  ASSERT_EQ(stop_.reason, StopReason::exception) << stop_.message;
  if (!example_.fault.empty()) return compare_fault();
  EXPECT_EQ(tile::name_of(stop_.exception.cause), "trap") << stop_.exception.pc.value();
  if (const auto exit = after_.find("exit"); exit != after_.end()) {
    EXPECT_EQ(stop_.exception.context, Context::supervisor());
    EXPECT_EQ(stop_.exception.type, tile::ExceptionType::pbrk1);
    EXPECT_EQ(csr(Context::supervisor(), "SSR") & 1U, exit->second);
    return;
  }
  if (std::any_of(after_.begin(), after_.end(),
                  [](const auto& v) { return v.first.starts_with("worker"); })) {
    EXPECT_TRUE(stop_.exception.context.is_worker());
    return;
  }
  EXPECT_EQ(stop_.exception.context, context_);
  const ByteAddr base = mode_ == Mode::worker ? worker_example : supervisor_example;
  const auto pc = after_.find("pc");
  EXPECT_EQ(stop_.exception.pc.value(), pc == after_.end() ? base.value() + 4 * code_.size() : pc->second);
}

void ExampleRun::compare_registers() const {
  const auto read = [&](RegisterWrite::File file, unsigned n) {
    return tile_->read_register(context_, file, n);
  };
  for (unsigned n = 0; n < m_count; ++n)
    EXPECT_EQ(read(RegisterWrite::File::m, n), expected(fmt::format("m{}", n))) << "$m" << n;
  if (mode_ == Mode::supervisor) return;
  for (unsigned n = 0; n < a_count; ++n)
    EXPECT_EQ(read(RegisterWrite::File::a, n), expected(fmt::format("a{}", n))) << "$a" << n;
}

void ExampleRun::compare_accumulators() const {
  if (mode_ == Mode::supervisor) return;
  for (unsigned n = 0; n < accumulators; ++n)
    EXPECT_EQ(tile_->read_register(context_, RegisterWrite::File::accumulator, n),
              expected(fmt::format("AACC{}", n)))
        << "AACC[" << n << "]";
}

void ExampleRun::compare_csrs() const {
  for (const auto& [place, value] : after_) {
    if (find_csr(mode_, place) != nullptr) {
      EXPECT_EQ(csr(context_, place), value) << place;
    }
    if (!place.starts_with("worker")) continue;
    const Context context = Context::worker(static_cast<unsigned>(place[6] - '0'));
    const std::string name = place.substr(place.find('.') + 1);
    EXPECT_EQ(name == "pc" ? tile_->pc(context).value() : csr(context, name), value) << place;
  }
  if (mode_ == Mode::supervisor) return;
  for (const std::string_view name : compared_csrs)
    EXPECT_EQ(csr(context_, std::string(name)), expected(std::string(name))) << name;
}

// Every word stored is one that the manual names, and every one that it names holds its value.
void ExampleRun::compare_memory() const {
  const ByteAddr base = mode_ == Mode::worker ? worker_example : supervisor_example;
  for (const tile::RetireRecord& record : recorder_.retired) {
    if (record.context != context_ || record.pc < base || record.pc >= base + 0x800U) continue;
    for (const tile::MemoryWrite& write : record.memory)
      for (std::uint32_t i = 0; i < write.bytes; i += 4)
        EXPECT_TRUE(after_.contains(fmt::format("{:#x}", write.address.value() + i)))
            << "stores to " << write.address.value() + i;
  }
  for (const auto& [place, value] : after_) {
    if (!place.starts_with("0x")) continue;
    std::uint32_t word = 0;
    tile_->read_memory(ByteAddr{address_of(place)}, std::as_writable_bytes(std::span(&word, 1)));
    EXPECT_EQ(word, value) << place;
  }
}

void ExampleRun::compare_exchange() const {
  std::vector<std::uint32_t> sent;
  for (const auto& item : port_.sent) sent.push_back(item.word);
  EXPECT_EQ(sent, sent_);
  const auto zone = after_.find("sync");
  EXPECT_EQ(zones_,
            zone == after_.end() ? std::vector<std::uint32_t>{} : std::vector<std::uint32_t>{zone->second});
  std::uint32_t ahead = 0;
  for (const auto& acknowledged : port_.acknowledged) ahead += acknowledged.count;
  const auto given = after_.find("ahead");
  EXPECT_EQ(ahead, given == after_.end() ? 0 : given->second);
}

void ExampleRun::check() {
  load();
  run();
  compare_stop();
  compare_registers();
  compare_accumulators();
  compare_csrs();
  compare_memory();
  compare_exchange();
}

}  // namespace ipusim::manual
