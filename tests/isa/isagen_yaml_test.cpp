// SPDX-License-Identifier: Apache-2.0
// What isagen refuses in the tables: registers, architectures, timing, zones, exceptions, hazards.
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
constexpr auto zones = &IsagenInput::zones;
constexpr auto exceptions = &IsagenInput::exceptions;
constexpr auto hazards = &IsagenInput::hazards;

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
    {"CsrFieldOutsideMask", csrs, "MODE [2:1]", "MODE [3:1]",
     "csr.yaml:3: error: CR: field MODE has bits outside mask 0x7"},
    {"CsrFieldsOverlap", csrs, "MODE [2:1]", "MODE [1:0]",
     "csr.yaml:3: error: CR: field MODE lies over another one"},
    {"CsrFieldTwice", csrs, "MODE [2:1]", "SET [1]", "csr.yaml:3: error: CR: field SET is stated twice"},
    {"CsrFieldBackwards", csrs, "MODE [2:1]", "MODE [1:2]",
     "csr.yaml:3: error: CR: 'MODE [1:2]' is no range of bits of a word"},
    {"ArchNothingCommon", archs, "every: {address_bits: 8, window_bits: 7}\n", "",
     "arch.yaml:1: error: the key 'every' is missing"},
    {"ArchWindowTooSmall", archs, "window_bits: 7", "window_bits: 6",
     "arch.yaml:1: error: ipu1: memory_end 0x40 lies beyond a window of 6 bits"},
    {"ArchWindowTooLarge", archs, "window_bits: 7", "window_bits: 9",
     "arch.yaml:4: error: every: window_bits <= address_bits <= 31 is expected"},
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
    {"CauseTypeUnknown", exceptions, "type: even", "type: evn",
     "exceptions.yaml:5: error: number: there is no exception type 'evn'"},
    {"CauseOtherTypeUnknown", exceptions, "or_type: odd", "or_type: od",
     "exceptions.yaml:5: error: number: there is no exception type 'od'"},
    {"CauseOfTwoTypes", exceptions, "type: even, or_type: odd", "type: [even, odd]",
     "exceptions.yaml:5: error: number: key 'type' must be a single value"},
    {"CauseTypeTwice", exceptions, "or_type: odd", "or_type: even",
     "exceptions.yaml:5: error: number: type and or_type are the same"},
    {"CauseWithoutType", exceptions, "type: odd, any", "any",
     "exceptions.yaml:6: error: invalid_pc: key 'type' is missing"},
    {"CauseAny", exceptions, "any: true", "any: perhaps",
     "exceptions.yaml:6: error: invalid_pc: key 'any': unknown value 'perhaps'"},
    {"CauseGap", exceptions, "name: invalid_pc, number: 2", "name: invalid_pc, number: 3",
     "exceptions.yaml:6: error: invalid_pc: number 3 where 2 is expected: rows stand by rising number, "
     "without "
     "gaps"},
    {"CauseTwice", exceptions, "name: invalid_pc", "name: number",
     "exceptions.yaml:6: error: duplicate cause 'number', first at exceptions.yaml:5"},
    {"TypeIsNone", exceptions, "name: odd, number: 1", "name: odd, number: 0",
     "exceptions.yaml:2: error: odd: number 0 where 1 is expected"},
    {"TypeTwice", exceptions, "name: even", "name: odd",
     "exceptions.yaml:3: error: duplicate exception type 'odd', first at exceptions.yaml:2"},
    {"TypeBreak", exceptions, "break: true", "break: 1",
     "exceptions.yaml:2: error: odd: key 'break': unknown value '1'"},
    {"HazardFinder", hazards, "found_by: chip", "found_by: host",
     "hazards.yaml:3: error: miss: key 'found_by': unknown value 'host'"},
    {"HazardGap", hazards, "number: 1", "number: 2",
     "hazards.yaml:3: error: miss: number 2 where 1 is expected"},
    {"HazardCodeOfTheChip", hazards, "code: 0", "code: 2",
     "hazards.yaml:3: error: miss: only what a tile finds can stop it with a code"},
    {"HazardCodeTwice", hazards, "found_by: chip, code: 0", "found_by: tile, code: 1",
     "hazards.yaml:3: error: miss: code 1 is that of clash at hazards.yaml:2"},
    {"HazardCodeTooLarge", hazards, "code: 1", "code: 8", "hazards.yaml:2: error: clash: code 8 is beyond 7"},
    {"ZonesNoList", zones, "", "zones: 3\n", "zones.yaml:1: error: a list under the key 'zones' is expected"},
    {"ZoneScope", zones, "scope: chip", "scope: rack",
     "zones.yaml:3: error: inner: key 'scope': unknown value 'rack'"},
    {"ZoneHost", zones, "host: true", "host: perhaps",
     "zones.yaml:4: error: outer: key 'host': unknown value 'perhaps'"},
    {"ZoneReleasedBy", zones, "released_by: tile", "released_by: worker",
     "zones.yaml:2: error: local: key 'released_by': unknown value 'worker'"},
    {"ZoneNoMeaning", zones, "meaning: m, ", "", "zones.yaml:2: error: local: key 'meaning' is missing"},
    {"ZoneNameTwice", zones, "name: inner", "name: local",
     "zones.yaml:3: error: duplicate zone name 'local', first at zones.yaml:2"},
    {"ZoneOperandTwice", zones, "operand: 3", "operand: 2",
     "zones.yaml:3: error: inner: operand 2 is that of local at zones.yaml:2"},
    {"ZoneMasterIsAnother", zones, "master: 13", "master: 3",
     "zones.yaml:4: error: outer: operand 3 is that of inner at zones.yaml:3"},
    {"ZoneOperandTooLarge", zones, "master: 13", "master: 16",
     "zones.yaml:4: error: outer: sync has operands 0..15, not 16"},
    {"ZoneOrder", zones, "operand: 2", "operand: 9",
     "zones.yaml:3: error: inner: zones stand by rising operand"},
    {"ZoneMasterOfOneTile", zones, "operand: 2,", "operand: 2, master: 10,",
     "zones.yaml:2: error: local: only a zone of scope 'system' has a master form"},
    {"ZoneHostOfOneChip", zones, "scope: chip, host: false", "scope: chip, host: true",
     "zones.yaml:3: error: inner: only a zone of scope 'system' has a host"},
    {"ZoneOfManyReleasedByOne", zones, "host: true, released_by: chip", "host: true, released_by: tile",
     "zones.yaml:4: error: outer: a zone of more than the tile is released by the chip"},
};
std::string name_of_file(const ::testing::TestParamInfo<BadYaml>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(All, RefusedYaml, ::testing::ValuesIn(bad_files), name_of_file);

}  // namespace
}  // namespace ipusim::isa::test
