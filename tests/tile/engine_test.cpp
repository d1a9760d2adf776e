// SPDX-License-Identifier: Apache-2.0
// Random streams of accumulating instructions of every kind, any phase after any other, against the model
// of the documents.
#include "engine_bench.hpp"

namespace ipusim::tile::test {
namespace {

using arith::test::Random;
using U = std::uint32_t;

// What an episode's operands are like.
enum class Numbers { small, ordinary, wide, wild };

U random_f16(Random& random, Numbers numbers) {
  const auto bits = static_cast<U>(random.next() & 0xFFFFU);
  switch (numbers) {
    case Numbers::small: {  // integers -8..8
      const U magnitude = random.below(9);
      const U codes[] = {0x0000, 0x3C00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800};
      return codes[magnitude] | (bits & 0x8000U);
    }
    case Numbers::ordinary:
      return (bits & 0x83FFU) | (10 + random.below(8)) << 10U;
    case Numbers::wide:
      return (bits & 0x83FFU) | random.below(31) << 10U;
    case Numbers::wild:
      break;
  }
  return random.below(40) != 0 ? (bits & 0x83FFU) | random.below(31) << 10U : bits | 0x7C00U;
}
U random_f32(Random& random, Numbers numbers) {
  const auto bits = static_cast<U>(random.next());
  switch (numbers) {
    case Numbers::small:
      return std::bit_cast<U>(static_cast<float>(random.below(33)) - 16.0F);
    case Numbers::ordinary:
      return (bits & 0x807FFFFFU) | (117 + random.below(16)) << 23U;
    case Numbers::wide:
      return (bits & 0x807FFFFFU) | random.below(255) << 23U;
    case Numbers::wild:
      break;
  }
  return bits;
}

std::vector<Opcode> accumulating_opcodes() {
  std::vector<Opcode> out;
  for (const isa::Instruction& i : isa::all_instructions()) {
    if (HandlerTable::instance().accumulates(i.opcode)) out.push_back(i.opcode);
  }
  return out;
}

// Registers of the right alignment; flags mostly valid.
std::vector<U> random_operands(Random& random, const isa::Instruction& info) {
  std::vector<U> out;
  for (const isa::Operand& operand : info.operands) {
    switch (operand.cls) {
      case isa::OperandClass::AR:
        out.push_back(random.below(8));
        break;
      case isa::OperandClass::ARPair:
        out.push_back(2 * random.below(4));
        break;
      case isa::OperandClass::ARQuad:
        out.push_back(4 * random.below(2));
        break;
      default: {
        const std::string id{info.id};
        const bool sort = id.find("stacc") != std::string::npos;
        const bool gina = id.find("gina") != std::string::npos;
        const bool slic = id.find("slic") != std::string::npos;
        const U likely = sort ? 2 : gina ? 4 : slic ? (id[1] == '3' ? 16 : 8) : 0;
        if (likely != 0) {
          out.push_back(random.below(random.below(20) == 0 && !gina ? 64 : likely));
        } else if (random.below(20) == 0) {
          out.push_back(random.below(64));
        } else {
          out.push_back(random.below(id[1] == '3' ? 8 : 4) | random.below(10) / 7 << 3U);
        }
      }
    }
  }
  return out;
}

bool issue(EngineBench& bench, Opcode opcode, const std::vector<U>& o) {
  switch (o.size()) {
    case 1:
      return bench.issue(opcode, {o[0]});
    case 2:
      return bench.issue(opcode, {o[0], o[1]});
    case 3:
      return bench.issue(opcode, {o[0], o[1], o[2]});
    default:
      return bench.issue(opcode, {o[0], o[1], o[2], o[3]});
  }
}

void start_episode(EngineBench& bench, Random& random, Numbers numbers, U control) {
  EngineModel& model = bench.model();
  for (unsigned n = 0; n < 16; ++n) {
    model.E[n] = random_f32(random, numbers);
    model.C[n] = random_f32(random, numbers);
    for (unsigned column = 0; column < 4; ++column) {
      std::uint64_t w = 0;
      for (unsigned i = 0; i < 4; ++i) w |= std::uint64_t{random_f16(random, numbers)} << (16 * i);
      bench.set_weight(n, column, w);
    }
  }
  model.tas = random.below(2) == 0 ? random_f32(random, numbers)
                                   : random_f16(random, numbers) | random_f16(random, numbers) << 16U;
  model.control = control;
  model.formats = random.below(4);
  model.scale = random.below(2) == 0 ? 0 : random.below(64);
  model.prng = {random.next(), random.next()};
  bench.load_state_from_model();
}

void run_streams(std::uint64_t seed, Numbers numbers, int episodes) {
  Random random(seed);
  const std::vector<Opcode> opcodes = accumulating_opcodes();
  ASSERT_EQ(opcodes.size(), 34U);
  EngineBench bench;
  int done = 0;
  episodes = engine_episodes(episodes);
  for (int episode = 0; episode < episodes; ++episode) {
    // RND, ESR and NANOO at random; enabled flags in some episodes.
    U control = random.below(8) << 16U | random.below(2) << 20U;
    if (random.below(4) == 0) control |= 1U << 19U;
    if (random.below(4) == 0) control |= random.below(8);
    start_episode(bench, random, numbers, control);
    for (int i = 0; i < 40; ++i) {
      const Opcode opcode = opcodes[random.below(static_cast<U>(opcodes.size()))];
      for (unsigned r = 0; r < 8; ++r) {
        bench.a()[r] = random.below(2) == 0
                           ? random_f32(random, numbers)
                           : random_f16(random, numbers) | random_f16(random, numbers) << 16U;
      }
      done += issue(bench, opcode, random_operands(random, isa::instruction(opcode))) ? 1 : 0;
      ASSERT_FALSE(::testing::Test::HasFailure()) << "episode " << episode << " instruction " << i;
    }
  }
  EXPECT_GT(done, episodes * 20);
}

TEST(Engine, StreamsOfSmallIntegers) { run_streams(1, Numbers::small, 1500); }
TEST(Engine, StreamsOfOrdinaryNumbers) { run_streams(2, Numbers::ordinary, 1500); }
TEST(Engine, StreamsOverTheWholeRange) { run_streams(3, Numbers::wide, 1500); }
TEST(Engine, StreamsWithNansAndInfinities) { run_streams(4, Numbers::wild, 1500); }

TEST(Engine, UnsupportedFlagsAreInvalidOperations) {
  EngineBench bench;
  int refused = 0;
  for (const Opcode opcode : accumulating_opcodes()) {
    const std::string id{isa::instruction(opcode).id};
    const bool amp = id.find("amp_") != std::string::npos;
    const bool slic = id.find("slic_") != std::string::npos;
    if (!amp && !slic) continue;
    for (U flags = 0; flags < 64; ++flags) {
      const bool f32 = id[1] == '3';
      const bool valid = amp ? flags < 24 && (f32 || (flags & 7U) < 4) : flags < (f32 ? 16U : 8U);
      EXPECT_EQ(bench.issue(opcode, {0, 2, 4, flags}), valid) << id << " " << flags;
      refused += valid ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace ipusim::tile::test
