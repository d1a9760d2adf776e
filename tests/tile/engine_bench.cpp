// SPDX-License-Identifier: Apache-2.0
#include "engine_bench.hpp"

namespace ipusim::tile::test {

namespace {

constexpr std::uint32_t pc = 0x4C100;
constexpr Context collecting = Context::worker(0);
constexpr Context direct = Context::worker(1);

std::uint32_t& upper(ContextState& c, unsigned number) { return c.upper[number - isa::upper_csr_base]; }

}  // namespace

EngineBench::EngineBench()
    : core_({}, isa::arch_info(isa::Arch::ipu21)),
      code_(isa::arch_info(isa::Arch::ipu21)),
      direct_(code_, core_) {
  if (const auto kind = engine_tile_kind()) tile_.emplace(*kind);
}

void EngineBench::set_weight(unsigned unit, unsigned column, std::uint64_t value) {
  core_.cwei[4 * unit + column] = value;
  model_.weights[4 * unit + column] = value;
  if (tile_) tile_->forget();
}

void EngineBench::load_state_from_model() {
  if (tile_) tile_->forget();
  for (const Context id : {collecting, direct}) {
    ContextState& c = core_.context(id);
    for (unsigned n = 0; n < 16; ++n) {
      c.accumulators.sum[n] = model_.E[n];
      c.accumulators.chain[n] = model_.C[n];
    }
    upper(c, isa::csr::fp_ctl) = model_.control;
    upper(c, isa::csr::tas) = model_.tas;
    upper(c, isa::csr::fp_nfmt) = model_.formats;
    upper(c, isa::csr::fp_scl) = model_.scale;
    for (unsigned i = 0; i < 4; ++i) {
      upper(c, isa::csr::prng_0_0 + i) = static_cast<std::uint32_t>(model_.prng[i / 2] >> (32 * (i % 2)));
    }
  }
}

// As the tile's loop does it.
EngineBench::Outcome EngineBench::collected(const Bundle& bundle, std::uint8_t& flags) {
  ContextState& c = core_.context(collecting);
  Machine k{core_, c, core_.memory, Cycle{0}, collecting};
  bundle.main.handler(k, bundle.main);
  flags = k.fx.fp_flags;
  if (k.fx.fault.type != ExceptionType::none) {
    EXPECT_EQ(k.fx.fault.type, ExceptionType::invalid_operation);
    EXPECT_EQ(k.fx.fault.cause, ExceptionCause::invalid_engine_flags);
    return Outcome::invalid;
  }
  if ((flags & upper(c, isa::csr::fp_ctl)) != 0) return Outcome::floating_point;
  for (unsigned i = 0; i < k.fx.register_count; ++i) {
    const RegisterWrite& w = k.fx.registers[i];
    if (w.file == RegisterWrite::File::a) c.a[w.index] = w.value;
    if (w.file == RegisterWrite::File::csr) upper(c, w.index) = w.value;
  }
  if (k.new_accumulators) c.accumulators = *k.new_accumulators;
  return Outcome::done;
}

void EngineBench::compare(const ContextState& context, const char* machine) {
  for (unsigned n = 0; n < 8; ++n) EXPECT_EQ(context.a[n], registers_[n]) << machine << " $a" << n;
  for (unsigned n = 0; n < 16; ++n) {
    EXPECT_EQ(context.accumulators.at(2 * n), model_.E[n]) << machine << " E" << n;
    EXPECT_EQ(context.accumulators.at(2 * n + 1), model_.C[n]) << machine << " C" << n;
  }
  ContextState copy = context;
  EXPECT_EQ(upper(copy, isa::csr::tas), model_.tas) << machine;
  for (unsigned i = 0; i < 4; ++i) {
    EXPECT_EQ(upper(copy, isa::csr::prng_0_0 + i),
              static_cast<std::uint32_t>(model_.prng[i / 2] >> (32 * (i % 2))))
        << machine << " random state " << i;
  }
}

void EngineBench::issue_on_tile(std::uint32_t word, Outcome expected,
                                const std::array<std::uint32_t, 16>& before,
                                const EngineState& before_model) {
  const StopReport report = tile_->issue(word, before, before_model);
  ASSERT_NE(report.reason, StopReason::mismatch) << report.message;
  ASSERT_EQ(report.reason, expected == Outcome::done ? StopReason::sync : StopReason::exception);
  if (expected != Outcome::done) {
    EXPECT_EQ(report.exception.cause, expected == Outcome::invalid ? ExceptionCause::invalid_engine_flags
                                                                   : ExceptionCause::floating_point);
  }
  tile_->compare(registers_, model_);
  EXPECT_EQ(tile_->csr("FP_STS"), expected == Outcome::invalid ? 0 : model_.flags) << "tile";
}

bool EngineBench::issue(Opcode opcode, std::initializer_list<std::uint32_t> operands) {
  const isa::Instruction& info = isa::instruction(opcode);
  SCOPED_TRACE(std::string(info.id));
  const Bundle bundle = decode_bundle(encode(opcode, operands).first, 0, pc, true, isa::Arch::ipu21);
  EXPECT_TRUE(bundle.modelled);
  EXPECT_NE(bundle.direct, DirectForm::none);

  std::array<std::uint32_t, 4> o{};
  std::copy(operands.begin(), operands.end(), o.begin());
  const std::string id{info.id};
  const EngineState before_model = model_;
  const auto before = registers_;
  for (const Context c : {collecting, direct}) {
    core_.context(c).a = registers_;
    core_.context(c).pc = pc;
    upper(core_.context(c), isa::csr::fp_sts) = 0;
  }
  const bool valid = model_.execute(id.substr(0, id.find('_')), o, registers_);
  const bool excepts = (model_.flags & model_.control & 7) != 0;
  const Outcome expected = !valid ? Outcome::invalid : excepts ? Outcome::floating_point : Outcome::done;
  if (expected != Outcome::done) {
    static_cast<EngineState&>(model_) = before_model;
    registers_ = before;
  }

  std::uint8_t flags = 0;
  EXPECT_EQ(collected(bundle, flags), expected);
  EXPECT_EQ(flags, valid ? model_.flags : 0);
  compare(core_.context(collecting), "collected effects");

  ContextState& c = core_.context(direct);
  const bool ran = direct_.run(c, bundle, Cycle{0});
  const bool stochastic = (model_.control >> 19 & 1) != 0;
  if (expected == Outcome::done && !ran) {
    // It may leave an instruction to the other machine, but then must not have touched anything.
    EXPECT_TRUE(stochastic);
    EXPECT_EQ(c.pc, pc);
    EXPECT_EQ(c.a, before);
    EXPECT_EQ(c.accumulators.sum, before_model.E);
    EXPECT_EQ(c.accumulators.chain, before_model.C);
    c = core_.context(collecting);
  } else {
    EXPECT_EQ(ran, expected == Outcome::done);
    EXPECT_EQ(upper(c, isa::csr::fp_sts), ran ? model_.flags : 0);
    compare(c, "direct");
  }
  if (tile_) issue_on_tile(encode(opcode, operands).first, expected, before, before_model);
  return expected == Outcome::done;
}

}  // namespace ipusim::tile::test
