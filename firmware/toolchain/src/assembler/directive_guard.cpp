// SPDX-License-Identifier: Apache-2.0
#include "directive_guard.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../read_file.hpp"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCParser/MCAsmLexer.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SourceMgr.h"

namespace llvm::Colossus {
namespace {

constexpr std::uint64_t most_expansions = 1'000'000;  // of macros and loops, in one source
constexpr std::uint64_t most_text = std::uint64_t{64} << 20U;
constexpr std::uint64_t few_times = 256;     // LLVM looks a place up among all texts: not worth it for these
constexpr unsigned deepest_include = 200;    // as the C preprocessor has it
constexpr std::uint64_t include_cost = 200;  // in expansions: a file is read again each time

// Directives LLVM takes for every ELF target though they mean nothing here.
StringRef reason_against(StringRef name) {
  static const std::map<std::string, StringRef, std::less<>> reasons{
      {".bundle_lock", "this directive's bundles are another target's; write { main ; aux }"},
      {".bundle_unlock", "this directive's bundles are another target's; write { main ; aux }"},
      {".cg_profile", "the linker has no use for a call graph profile"},
      {".gnu_attribute", "the IPU's ABI defines no attributes"},
      {".lto_discard", "there is no link-time optimization"},
      {".lto_set_conditional", "there is no link-time optimization"},
      {".pseudoprobe", "there are no profile probes on a tile"}};
  if (name.startswith(".cv_"))
    return "CodeView is another object format's debug information; -g writes DWARF";
  const auto found = reasons.find(std::string_view(name.data(), name.size()));
  return found == reasons.end() ? StringRef() : found->second;
}

// Bytes from `text` to the .endr that ends the loop whose arguments begin there.
std::size_t loop_length(StringRef text) {
  unsigned depth = 1;
  for (std::size_t at = text.find('.'); at != StringRef::npos; at = text.find('.', at + 1)) {
    const StringRef word =
        text.substr(at).take_while([](char c) { return c == '.' || c == '_' || isAlnum(c); });
    if (word == ".rept" || word == ".rep" || word == ".irp" || word == ".irpc") ++depth;
    if (word == ".endr" && --depth == 0) return at;
  }
  return text.size();
}

}  // namespace

DirectiveGuard::DirectiveGuard(MCAsmParser& parser, std::uint64_t largest_repeat)
    : parser_(parser), largest_repeat_(largest_repeat) {
  parser.addAliasForDirective(".hword", ".2byte");
  parser.addAliasForDirective(".word", ".4byte");
}

bool DirectiveGuard::refuses(const AsmToken& directive) {
  const std::string lower = directive.getString().lower();
  const StringRef name = lower;
  const SMLoc location = directive.getLoc();
  if (const StringRef reason = reason_against(name); !reason.empty()) {
    parser_.eatToEndOfStatement();
    return parser_.Error(location, reason);
  }
  if (name == ".rept" || name == ".rep") return check_repeat(location);
  if (name == ".irp" || name == ".irpc") {
    const char* begin = parser_.getTok().getLoc().getPointer();
    check_text(location, StringRef(begin).take_until([](char c) { return c == '\n'; }).size());
  }
  // Texts of macros and loops end with these.
  if (name == ".endmacro" || name == ".endm" || name == ".endr") spend(location, 1);
  if (name == ".include") {
    check_depth(location);
    spend(location, include_cost);
  }
  if (name == ".include" || name == ".incbin") check_file(location);
  return false;
}

// Evaluates the number of repetitions and puts its text back.
bool DirectiveGuard::check_repeat(SMLoc location) {
  MCAsmLexer& lexer = parser_.getLexer();
  std::vector<AsmToken> tokens{parser_.getTok()};
  for (std::size_t more = 16;; more *= 2) {
    std::vector<AsmToken> ahead(more);
    ahead.resize(lexer.peekTokens(ahead));
    const auto end = std::find_if(ahead.begin(), ahead.end(), [](const AsmToken& token) {
      return token.is(AsmToken::EndOfStatement) || token.is(AsmToken::Eof) || token.is(AsmToken::Error);
    });
    if (end == ahead.end() && ahead.size() == more && more < 4096) continue;
    tokens.insert(tokens.end(), ahead.begin(), end);
    break;
  }
  if (tokens.front().is(AsmToken::EndOfStatement)) return false;  // LLVM complains
  std::int64_t count = 0;
  if (parser_.parseAbsoluteExpression(count)) return true;
  if (parser_.getTok().isNot(AsmToken::EndOfStatement))
    return parser_.TokError("unexpected token in '.rept'");
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) lexer.UnLex(*token);
  if (count <= 0) return false;
  const auto times = static_cast<std::uint64_t>(count);
  if (times > largest_repeat_)
    give_up(location, Twine(times) + " repetitions are more than the tile's memory has bytes (" +
                          Twine(largest_repeat_) + ")");
  spend(location, times);
  check_text(location, times);
  return false;
}

void DirectiveGuard::check_text(SMLoc location, std::uint64_t times) {
  if (times < few_times) return;
  const SourceMgr& sources = parser_.getSourceManager();
  const unsigned buffer = sources.FindBufferContainingLoc(location);
  if (buffer == 0) return;
  const char* begin = location.getPointer() + 1;
  const char* end = sources.getMemoryBuffer(buffer)->getBufferEnd();
  const std::size_t length = loop_length(StringRef(begin, static_cast<std::size_t>(end - begin)));
  if (SaturatingMultiply<std::uint64_t>(times, length) > most_text)
    give_up(location, "the repetitions make more than " + Twine(most_text) + " bytes of source text");
}

void DirectiveGuard::check_depth(SMLoc location) {
  const SourceMgr& sources = parser_.getSourceManager();
  unsigned depth = 0;
  for (SMLoc at = location; at.isValid(); ++depth) {
    if (depth > deepest_include)
      give_up(location, "files include each other more than " + Twine(deepest_include) + " deep");
    const unsigned buffer = sources.FindBufferContainingLoc(at);
    if (buffer == 0) return;
    at = sources.getParentIncludeLoc(buffer);
  }
}

// LLVM would read an endless file to its end.
void DirectiveGuard::check_file(SMLoc location) {
  if (parser_.getTok().isNot(AsmToken::String)) return;
  const std::filesystem::path file = parser_.getTok().getStringContents().str();
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  if (!std::filesystem::is_regular_file(file, error))
    give_up(location, file.string() + " is no regular file");
  if (std::filesystem::file_size(file, error) > ipusim::toolchain::largest_file)
    give_up(location, file.string() + " is larger than " + Twine(ipusim::toolchain::largest_file) + " bytes");
}

void DirectiveGuard::spend(SMLoc location, std::uint64_t expansions) {
  expansions_ += expansions;
  if (expansions_ > most_expansions)
    give_up(location,
            "macros, loops and files included expand more than " + Twine(most_expansions) + " times");
}

void DirectiveGuard::give_up(SMLoc location, const Twine& why) {
  parser_.printError(location, why);
  report_fatal_error("limit exceeded");
}

}  // namespace llvm::Colossus
