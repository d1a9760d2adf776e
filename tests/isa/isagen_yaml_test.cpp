// What isagen refuses in csr.yaml, arch.yaml and timing.yaml.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "isagen_bench.hpp"

namespace ipusim::isa::test {
namespace {

using ::testing::HasSubstr;

struct BadYaml {
  const char* name;
  std::string IsagenInput::*file;
  const char* find;  // what is replaced in the good file; empty: the whole file
  const char* replace;
  const char* message;
};
void PrintTo(const BadYaml& bad, std::ostream* os) { *os << bad.name; }

class RefusedYaml : public ::testing::TestWithParam<BadYaml> {};

TEST_P(RefusedYaml, NamesPlaceAndReason) {
  const BadYaml& bad = GetParam();
  const IsagenBench bench;
  IsagenInput input;
  std::string& text = input.*bad.file;
  const std::string find = bad.find;
  if (find.empty()) {
    text = bad.replace;
  } else {
    ASSERT_NE(text.find(find), std::string::npos);
    text.replace(text.find(find), find.size(), bad.replace);
  }
  const IsagenResult result = bench.run(input);
  EXPECT_EQ(result.exit_code, 1) << text;
  EXPECT_THAT(result.output, HasSubstr(bad.message));
}

constexpr auto csrs = &IsagenInput::csrs;
constexpr auto archs = &IsagenInput::architectures;
constexpr auto timing = &IsagenInput::timing;

const BadYaml bad_files[]{
    {"CsrNotYaml", csrs, "", "csrs: [\n", "csr.yaml:2: error: not valid YAML"},
    {"CsrTab", csrs, "", "csrs:\n\t- {name: PC}\n", "csr.yaml:2: error: not valid YAML"},
    {"CsrEmptyFile", csrs, "", "", "csr.yaml:1: error: a list under the key 'csrs' is expected"},
    {"CsrNoList", csrs, "", "csrs: 3\n", "csr.yaml:1: error: a list under the key 'csrs' is expected"},
    {"CsrRowIsNoMapping", csrs, "", "csrs:\n  - 3\n",
     "csr.yaml:2: error: a mapping of keys is expected here"},
    {"CsrMissingKey", csrs, "index: 0x02, ", "", "csr.yaml:3: error: CR: key 'index' is missing"},
    {"CsrUnknownKey", csrs, "name: CR", "name: CR, width: 3", "csr.yaml:3: error: CR: unknown key 'width'"},
    {"CsrKeyTwice", csrs, "name: CR", "name: CR, mask: 1", "csr.yaml:3: error: CR: key 'mask' stands twice"},
    {"CsrKeyIsAList", csrs, "name: CR", "name: CR, [1]: 1", "csr.yaml:3: error: CR: unknown key"},
    {"CsrBadNumber", csrs, "0x02", "two", "csr.yaml:3: error: CR: key 'index': 'two' is not a 32-bit number"},
    {"CsrNumberTooLarge", csrs, "mask: 0x7", "mask: 0x100000000",
     "csr.yaml:3: error: CR: key 'mask': '0x100000000' is not a 32-bit number"},
    {"CsrNegative", csrs, "0x02", "-1", "csr.yaml:3: error: CR: key 'index': '-1' is not a 32-bit number"},
    {"CsrListAsNumber", csrs, "0x02", "[2]", "csr.yaml:3: error: CR: key 'index' must be a single value"},
    {"CsrUnknownMode", csrs, "mode: supervisor", "mode: boss",
     "csr.yaml:3: error: CR: key 'mode': unknown value 'boss'"},
    {"CsrUnknownAccess", csrs, "write_only", "never",
     "csr.yaml:3: error: CR: key 'access': unknown value 'never'"},
    {"CsrUnknownArch", csrs, "name: CR", "name: CR, arch: ipu9",
     "csr.yaml:3: error: CR: key 'arch': unknown value 'ipu9'"},
    {"CsrStatus", csrs, "name: CR", "name: CR, status: perhaps",
     "csr.yaml:3: error: CR: key 'status': unknown value 'perhaps'"},
    {"CsrDuplicateName", csrs, "name: CR", "name: PC",
     "csr.yaml:3: error: duplicate CSR name 'PC', first at csr.yaml:2"},
    {"CsrDuplicateIndex", csrs, "0x02", "0x00",
     "csr.yaml:3: error: CSR CR has the index 0x0 of PC at csr.yaml:2"},
    {"CsrIndexBeyondSpace", csrs, "0x02", "0x200", "csr.yaml:3: error: CR: index 0x200 is beyond 0x1ff"},
    {"CsrUpperSpaceOfSupervisor", csrs, "0x02", "0x102",
     "csr.yaml:3: error: CR: only workers reach the upper space"},
    {"CsrResetOutsideMask", csrs, "name: CR", "name: CR, reset: 0x18",
     "csr.yaml:3: error: CR: reset 0x18 sets bits outside mask 0x7"},
    {"ArchNotYaml", archs, "", "ipu1: {", "arch.yaml:1: error: not valid YAML"},
    {"ArchEmptyFile", archs, "", "", "arch.yaml:1: error: a mapping of architecture names is expected"},
    {"ArchMissing", archs, "ipu1", "ipu4", "arch.yaml:1: error: exactly ipu1, ipu2 and ipu21 are expected"},
    {"ArchTwice", archs, "ipu21", "ipu2", "arch.yaml:1: error: exactly ipu1, ipu2 and ipu21 are expected"},
    {"ArchMissingKey", archs, ", elf_flags: 2", "", "arch.yaml:2: error: ipu2: key 'elf_flags' is missing"},
    {"ArchRegionsDoNotRise", archs, "region1_base: 32", "region1_base: 64",
     "arch.yaml:1: error: ipu1: memory_base, region1_base, memory_end must rise"},
    {"TimingNotYaml", timing, "", "slots: }", "timing.yaml:1: error: not valid YAML"},
    {"TimingIsAList", timing, "", "- slots\n", "timing.yaml:1: error: a mapping of timing keys is expected"},
    {"TimingPlainNumber", timing, "", "slots: 6\n",
     "timing.yaml:1: error: slots: a mapping of keys is expected here"},
    {"TimingBadNumber", timing, "value: 6", "value: 6.5",
     "timing.yaml:1: error: slots: key 'value': '6.5' is not a 32-bit number"},
    {"TimingNoSource", timing, ", source: x", "", "timing.yaml:1: error: slots: key 'source' is missing"},
    {"TimingTwice", timing, "", "slots: {value: 6, source: x}\nslots: {value: 7, source: x}\n",
     "timing.yaml:2: error: duplicate timing key 'slots', first at timing.yaml:1"},
};
std::string name_of_file(const ::testing::TestParamInfo<BadYaml>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(All, RefusedYaml, ::testing::ValuesIn(bad_files), name_of_file);

}  // namespace
}  // namespace ipusim::isa::test
