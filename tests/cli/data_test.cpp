// SPDX-License-Identifier: Apache-2.0
// `ipusim run` as a user runs it: numbers in and out of files, options in place of the program's keys, and
// buffers that are too small.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "command.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Data : public CommandTest {
 protected:
  // A program that leaves its memory as the host wrote it: 64 bytes at x.
  void write_keeper() const {
    folder_.write("a.S",
                  source("", "    .bss\n    .p2align 3\n    .globl x\nx: .space 64\n    .size x, 64\n"));
  }
  int python(const std::string& script) const {
    folder_.write("script.py", "import numpy as np, json\n" + script);
    return std::system(("cd '" + folder_.path().string() + "' && /usr/bin/python3 script.py").c_str());
  }
};

TEST_F(Data, NumpyInAndOut) {
  write_keeper();
  ASSERT_EQ(python(R"(
np.save('f.npy', np.linspace(-3, 3, 48, dtype=np.float64).reshape(3, 16))
np.linspace(-3, 3, 48).astype(np.float16).tofile('f.bin')
np.save('i.npy', np.arange(-24, 24).reshape(3, 16, order='F'))
)"),
            0);
  write_program(
      "load:\n  - {symbol: x, tiles: 0-2, type: f16, file: f.npy, distribute: split}\n"
      "  - {symbol: x, offset: 32, tiles: 0-2, type: i8, file: i.npy, distribute: split}\n"
      "read:\n  - {name: f, symbol: x, tiles: 0-2, type: f16, count: 16}\n"
      "  - {name: raw, symbol: x, tiles: 0-2, type: f16, count: 16, encoding: raw}\n"
      "  - {name: i, symbol: x, offset: 32, tiles: 0-2, type: i8, count: 16}\n"
      "expectations:\n  - {name: raw, output: f, equals: f.bin}\n"
      "  - {name: near, output: f, equals: f.npy, absolute: 0.001}\n"
      "  - {name: npy, output: i, equals: i.npy}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.all_errors;
  EXPECT_EQ(python(R"(
f = np.load('out/p/outputs/f.npy')
assert f.dtype == np.float16 and f.shape == (3, 16)
assert (f == np.load('f.npy').astype(np.float16)).all()
assert open('out/p/outputs/raw.bin', 'rb').read() == open('f.bin', 'rb').read()
i = np.load('out/p/outputs/i.npy')
assert i.dtype == np.int8 and (i == np.load('i.npy')).all()
import hashlib
outputs = json.load(open('out/p/result.json'))['outputs']
assert outputs[0]['file'] == 'outputs/f.npy' and outputs[0]['shape'] == [3, 16]
assert outputs[0]['sha256'] == hashlib.sha256(f.tobytes()).hexdigest()
assert outputs[0]['values'] == f.astype(float).ravel().tolist()
)"),
            0);
}

// A row of eight f8 times a column of eight, as the machine multiplies them.
TEST_F(Data, QuartersAndHalves) {
  folder_.write("a.S", source("    setzi $m0, numbers\n    put $CCCSLOAD, $m0\n    ld64putcs 0\n"
                              "    setzi $m1, 3\n    put $FP_INFMT, $m1\n"  // both 1.4.3
                              "    setzi $m1, 2\n    put $FP_ISCL, $m1\n"   // times 2^2
                              "    setzi $m2, product\n    run $m2, $mzero, 0\n    sync 2\n",
                              "    .worker\n    .p2align 3\n"
                              "product:\n    setzi $a0, 8\n    uput $FP_CLR, $a0\n    setzi $m0, numbers\n"
                              "    ld64 $a0:1, $m0, $mzero, 1\n"
                              "    f8v8hihov4amp $azeros, $a0:1, $azeros, 0\n"
                              "    f8v8hihov4amp $a2:3, $azeros, $azeros, 0\n"  // brings the sums out
                              "    st64 $a2:3, $m0, $mzero, 2\n    exitz $mzero\n"
                              "    .data\n    .p2align 3\n    .globl numbers\nnumbers: .space 24\n"
                              "    .size numbers, 24\n"));
  // The coefficients with a scale of their own: 2 2 2 2 -1 -1 -1 -1 as halves of those.
  write_program(
      "load:\n  - {symbol: numbers, tiles: 0, type: f8, format: f143, scale: -1, values: [1, 1, 1, 1, -0.5, "
      "-0.5, "
      "-0.5, -0.5]}\n"
      "  - {symbol: numbers, offset: 8, tiles: 0, type: f8, format: f143, values: [1, 2, 3, 4, 1, 2, 3, 4]}\n"
      "read:\n  - {name: sums, symbol: numbers, offset: 16, tiles: 0, type: f16, count: 4}\n"
      "  - {name: in, symbol: numbers, tiles: 0, type: f8, format: f143, count: 16}\n"
      // 20 - 10, times 4.
      "expectations:\n  - {name: sums, output: sums, equals: [40, 0, 0, 0]}\n"
      "  - {name: in, output: in, equals: [2, 2, 2, 2, -1, -1, -1, -1, 1, 2, 3, 4, 1, 2, 3, 4]}\n",
      "0");
  const auto result = ipusim("run '" IPUSIM_SOURCE_DIR "/configs/c600-16.yaml' p.yaml");
  EXPECT_EQ(result.exit_code, 0) << result.all_errors;
  EXPECT_EQ(python("a = np.load('out/p/outputs/in.npy')\nassert a.dtype == np.float32 and a[0, 4] == -1\n"),
            0);
}

TEST_F(Data, FilesThatAreNoneOrNeverEnd) {
  write_keeper();
  ASSERT_EQ(::mkfifo((folder_.path() / "pipe.csv").c_str(), 0600), 0);
  folder_.write("long.csv", "1");
  fs::resize_file(folder_.path() / "long.csv", 10'000'000'000);
  fs::create_directory(folder_.path() / "folder");
  folder_.write("many.csv", std::string(2'000'000, '1') + "\n");
  std::string numbers;
  for (unsigned i = 0; i < 1'000'000; ++i) numbers += "1 ";
  folder_.write("numbers.csv", numbers);
  for (const auto& [file, message] : std::map<std::string, std::string>{
           {"pipe.csv", "pipe.csv: cannot read the file: it is a pipe, not a file\n  wanted at p.yaml:5:43"},
           {"/dev/zero", "/dev/zero: cannot read the file: it is a device, not a file"},
           {"long.csv", "long.csv: cannot read the file: it has more than 268435456 bytes"},
           {"many.csv",
            "many.csv:1: '" + std::string(80, '1') + "...' (2000000 characters) is out of range for u8"},
           {"numbers.csv", "numbers.csv:1: there are more than the 638976 numbers of type u8 that have room"},
           {"folder", "folder: cannot read the file: it is a folder"}}) {
    write_program("load:\n  - {symbol: x, tiles: 0, type: u8, file: " + file + "}\n");
    const auto result = run();
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.errors, HasSubstr(message)) << file;
    EXPECT_LT(result.errors.size(), 1000U);
  }
}

TEST_F(Data, OptionsInPlaceOfTheProgramsKeys) {
  folder_.write("a.S", source("#ifdef SPIN\nspin: bri spin\n#endif\n#ifdef STORE\n    sync 7\n    setzi $m0, "
                              "v\n    setzi $m1, 43\n"
                              "    st32 $m1, $m0, $mzero, 0\n#endif\n",
                              "    .data\n    .globl v\nv: .long VALUE\n"));
  folder_.write("p.yaml",
                "program: p\nimages:\n  - {tiles: all, sources: [a.S], defines: {VALUE: 1}}\n"
                "read:\n  - {name: v, symbol: v, tiles: all, type: u32, count: 1}\n"
                "expectations:\n  - {name: v, output: v, equals: 42}\n");
  EXPECT_EQ(run().exit_code, 1);
  EXPECT_EQ(run("-D VALUE=42").exit_code, 0);
  EXPECT_EQ(run("-DVALUE=40+2 -D OTHER").exit_code, 0);

  const auto spun = run("-D SPIN --timeout 12345");
  EXPECT_EQ(spun.exit_code, 3);
  EXPECT_EQ(result_json().at("state"), "timeout");
  EXPECT_EQ(result_json().at("cycles").at("total"), 12345);

  // What stands behind a sync is not reached without a grant.
  EXPECT_EQ(run("-D VALUE=42 -D STORE").exit_code, 1);
  EXPECT_EQ(run("-D VALUE=42 -D STORE --host-syncs 1").exit_code, 0);

  for (const std::string bad : {"-D 1X=2", "--timeout 0", "--timeout x", "--host-syncs 65536", "--timeout"}) {
    EXPECT_EQ(run(bad).exit_code, 2) << bad;
  }
  folder_.write("commands.txt", "mem v 1\n");
  const auto debugged =
      ipusim("debug '" IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml' p.yaml -D VALUE=42 < commands.txt");
  EXPECT_EQ(debugged.exit_code, 0) << debugged.all_errors;
  EXPECT_THAT(debugged.output, HasSubstr("0000002a"));
}

// --- what phases of the exchange read and write

class Buffers : public CommandTest {
 protected:
  // `outgoing` and `incoming` of so many bytes, with their sizes.
  void write_source(unsigned outgoing, unsigned incoming) const {
    const auto buffer = [](const std::string& name, unsigned bytes) {
      return "    .section .region1_" + name + ", \"aw\", @nobits\n    .p2align 15\n    .globl " + name +
             "\n" + name + ": .space 4096\n    .size " + name + ", " + std::to_string(bytes) + "\n";
    };
    folder_.write("a.S", source("    call $m10, exchange_swap\n",
                                buffer("outgoing", outgoing) + buffer("incoming", incoming)));
  }
  std::string error() const {
    const auto result = run();
    EXPECT_EQ(result.exit_code, 2);
    return result.errors;
  }
};

TEST_F(Buffers, Messages) {
  write_program(
      "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
      "      - {from: 0, to: [5], words: 61, source: outgoing, destination: incoming}\n"
      "      - {from: 5, to: [0], words: 2, source: outgoing, source_offset: 16, destination: incoming, "
      "destination_offset: 8}\n");
  write_source(244, 240);
  EXPECT_THAT(error(),
              HasSubstr("p.yaml:8:70: key 'exchange[0].messages[0].destination': phase 'swap' needs 244 "
                        "bytes at 'incoming' of tile 5 to receive into; the symbol has only 240\n"));
  write_source(240, 244);
  EXPECT_THAT(error(),
              HasSubstr("p.yaml:8:47: key 'exchange[0].messages[0].source': phase 'swap' needs 244 bytes at "
                        "'outgoing' of tile 0 to send from; the symbol has only 240\n"));
  write_source(244, 244);
  EXPECT_EQ(run().exit_code, 0);
  // Without a size there is nothing to compare with.
  write_source(0, 0);
  EXPECT_EQ(run().exit_code, 0);
}

TEST_F(Buffers, OffsetsCount) {
  write_program(
      "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
      "      - {from: 5, to: [0, 1], words: 2, source: outgoing, source_offset: 16, destination: incoming, "
      "destination_offset: 8}\n");
  write_source(23, 16);
  EXPECT_THAT(error(),
              HasSubstr("needs 24 bytes at 'outgoing' of tile 5 to send from; the symbol has only 23"));
  write_source(24, 15);
  EXPECT_THAT(error(),
              HasSubstr("needs 16 bytes at 'incoming' of tile 0 to receive into; the symbol has only 15"));
  write_source(24, 16);
  EXPECT_EQ(run().exit_code, 0);
}

TEST_F(Buffers, Patterns) {
  // Four tiles, blocks of 8 bytes. The last tile hears nothing of its own, so its buffer may end before it.
  write_program(
      "exchange:\n  - {name: swap, pattern: all_gather, tiles: 0-3, words: 2, source: outgoing, "
      "destination: incoming}\n");
  write_source(8, 31);
  EXPECT_THAT(
      error(),
      HasSubstr("key 'exchange[0].destination': phase 'swap' needs 32 bytes at 'incoming' of tile 0"));
  write_source(7, 32);
  EXPECT_THAT(error(),
              HasSubstr("key 'exchange[0].source': phase 'swap' needs 8 bytes at 'outgoing' of tile 0"));
  write_source(8, 32);
  EXPECT_EQ(run().exit_code, 0);
  write_program(
      "exchange:\n  - {name: swap, pattern: all_to_all, tiles: 0-3, words: 2, source: outgoing, "
      "destination: incoming}\n");
  EXPECT_THAT(error(),
              HasSubstr("needs 32 bytes at 'outgoing' of tile 0 to send from; the symbol has only 8"));
  write_source(32, 32);
  EXPECT_EQ(run().exit_code, 0);
}

TEST_F(Buffers, ThatLieAtTheEndOfMemory) {
  folder_.write(
      "a.S",
      source("    call $m10, exchange_swap\n",
             "    .globl outgoing, incoming\n    .set outgoing, 0x80000\n    .set incoming, 0xE7FF8\n"));
  write_program(
      "exchange:\n  - name: swap\n    pattern: messages\n    messages:\n"
      "      - {from: 5, to: [0], words: 3, source: outgoing, destination: incoming}\n");
  EXPECT_THAT(error(),
              HasSubstr("needs 12 bytes at 'incoming' of tile 0 to receive into; from 0xe7ff8 on they are "
                        "not within its memory, 0x4c000 to 0xe8000"));
}

// --- program files that no reader should follow

TEST_F(Data, ProgramFilesThatAreBombs) {
  write_keeper();
  std::string bomb =
      "program: p\nimages: [{tiles: all, sources: [a.S]}]\nload:\n  - symbol: x\n    tiles: 0\n"
      "    type: u8\n    values:\n      - &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  for (unsigned i = 1; i < 12; ++i) {
    bomb += "      - &a" + std::to_string(i) + " [";
    for (unsigned k = 0; k < 9; ++k) bomb += "*a" + std::to_string(i - 1) + ", ";
    bomb += "]\n";
  }
  folder_.write("p.yaml", bomb);
  auto result = run();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("more than 64 MiB with every alias written out"));
  folder_.write("p.yaml", "program: p\nimages: [{tiles: all, sources: [a.S]}]\n---\nprogram: q\n");
  result = run();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("p.yaml:3:1: a second YAML document begins here"));
  result = ipusim("run /dev/zero p.yaml");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("/dev/zero: cannot read the file: it is a device, not a file"));
}

TEST_F(Data, MergeKeys) {
  write_keeper();
  write_program(
      "load:\n  - &first {symbol: x, tiles: 0, type: u8, values: [1, 2]}\n"
      "  - {<<: *first, tiles: 1, values: [3, 4]}\n"
      "read:\n  - {name: x, symbol: x, tiles: 0-1, type: u8, count: 2}\n"
      "expectations:\n  - {name: x, output: x, equals: [1, 2, 3, 4]}\n");
  const auto result = run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
}

}  // namespace
}  // namespace ipusim::cli_test
