// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/assembler.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <sstream>

#include "../read_file.hpp"
#include "asm_parser.hpp"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm_session.hpp"
#include "object_streamer.hpp"
#include "preprocessor.hpp"

namespace ipusim::toolchain {
namespace {

namespace colossus = llvm::Colossus;

// Complaints kept of one source; each is looked up in the text.
constexpr std::size_t most_complaints = 200;

std::string read_text(const std::filesystem::path& file) {
  const auto bytes = read_file(file, largest_source);
  return {bytes.begin(), bytes.end()};
}

std::string nth_line(const std::string& text, unsigned number) {
  std::istringstream lines(text);
  std::string line;
  for (unsigned i = 0; i < number; ++i)
    if (!std::getline(lines, line)) return {};
  return line;
}

// Takes LLVM's complaints and gives them the user's file, line and column.
class DiagnosticSink {
 public:
  DiagnosticSink(const std::string& text, const std::string& name)
      : name_(name), text_(text), lines_(text, name) {}

  void take(const llvm::SMDiagnostic& complaint) {
    Diagnostic diagnostic;
    switch (complaint.getKind()) {
      case llvm::SourceMgr::DK_Error:
        diagnostic.severity = Diagnostic::Severity::error;
        break;
      case llvm::SourceMgr::DK_Warning:
        diagnostic.severity = Diagnostic::Severity::warning;
        break;
      default:
        diagnostic.severity = Diagnostic::Severity::note;
    }
    // LLVM names an option of its own programs here.
    diagnostic.message = complaint.getMessage().split(". Use -asm-macro").first.str();
    diagnostic.file = complaint.getFilename().str();
    diagnostic.source_line = complaint.getLineContents().str();
    if (complaint.getLineNo() > 0) diagnostic.line = static_cast<unsigned>(complaint.getLineNo());
    if (complaint.getColumnNo() >= 0) diagnostic.column = static_cast<unsigned>(complaint.getColumnNo()) + 1;
    if (diagnostic.file.empty() || diagnostic.file == "<unknown>") diagnostic.file = name_;
    if (diagnostic.line != 0) locate(diagnostic);
    const bool is_error = diagnostic.severity == Diagnostic::Severity::error;
    auto& kept = is_error ? errors_ : warnings_;
    if (kept.size() < most_complaints) return kept.push_back(diagnostic);
    if (is_error) llvm::report_fatal_error("too many errors");
  }
  const std::vector<Diagnostic>& errors() const { return errors_; }
  std::vector<Diagnostic> warnings() const { return warnings_; }

 private:
  // The parser has mapped file and line of its own complaints already; those of the layout are in our text.
  void locate(Diagnostic& diagnostic) {
    const std::string preprocessed_line = diagnostic.source_line;
    if (diagnostic.file == name_ && nth_line(text_, diagnostic.line) == preprocessed_line) {
      const LineMap::Place place = lines_.place(diagnostic.line);
      diagnostic.file = place.file;
      diagnostic.line = place.line;
    }
    auto& original = originals_[diagnostic.file];
    if (original.empty() && std::filesystem::is_regular_file(diagnostic.file))
      original = read_text(diagnostic.file);
    const std::string line = nth_line(original, diagnostic.line);
    if (line.empty()) return;
    diagnostic.column = original_column(line, preprocessed_line, diagnostic.column);
    diagnostic.source_line = line;
  }

  std::string name_;
  const std::string& text_;
  LineMap lines_;
  std::map<std::string, std::string> originals_;
  std::vector<Diagnostic> errors_, warnings_;
};

// Frame information holds plain addresses: the ABI has no relocation for the PC-relative ones LLVM would
// write.
class FileInfo : public llvm::MCObjectFileInfo {
 public:
  explicit FileInfo(llvm::MCContext& context) {
    initMCObjectFileInfo(context, false);
    FDECFIEncoding = llvm::dwarf::DW_EH_PE_absptr;
  }
};

void set_up_debug_info(llvm::MCContext& context, llvm::StringRef name, llvm::StringRef text) {
  context.setGenDwarfForAssembly(true);
  context.setDwarfVersion(4);
  context.setDwarfDebugProducer("ipu-as");
  context.setCompilationDir(std::filesystem::current_path().string());
  context.setMainFileName(name);
  context.setGenDwarfRootFile(name, text);
}

// Where .include and .incbin look, after the working folder: beside the source too, as #include does.
std::vector<std::string> file_folders(const std::filesystem::path& source, const AssemblerOptions& options) {
  std::vector<std::string> folders;
  for (const auto& directory : options.include_dirs) folders.push_back(directory.string());
  folders.push_back(source.has_parent_path() ? source.parent_path().string() : ".");
  return folders;
}

// Whether LLVM's parser and writer found no fault. The complaints are in `sink`.
bool write_object(const std::string& text, const std::string& name, const AssemblerOptions& options,
                  DiagnosticSink& sink, llvm::SmallVectorImpl<char>& elf) {
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, name), llvm::SMLoc());
  const colossus::ParserSettings settings{options.mode, file_folders(name, options),
                                          options.ignore_working_folder};
  sources.setIncludeDirs(settings.file_folders);
  sources.setDiagHandler([](const llvm::SMDiagnostic& complaint,
                            void* context) { static_cast<DiagnosticSink*>(context)->take(complaint); },
                         &sink);

  const auto registers = colossus::create_register_info();
  const auto instructions = colossus::create_instr_info();
  const auto subtarget = colossus::create_subtarget_info(options.arch, options.mode);
  const colossus::AsmInfo asm_info;
  const llvm::MCTargetOptions target_options;
  llvm::MCContext context(colossus::target_triple(), &asm_info, registers.get(), subtarget.get(), &sources);
  context.setDiagnosticHandler([&sink](const llvm::SMDiagnostic& complaint, bool, const llvm::SourceMgr&,
                                       std::vector<const llvm::MDNode*>&) { sink.take(complaint); });
  FileInfo file_info(context);
  context.setObjectFileInfo(&file_info);
  if (options.debug) set_up_debug_info(context, name, text);

  llvm::raw_svector_ostream stream(elf);
  colossus::CodeLog log;
  auto backend = colossus::create_asm_backend(log, options.arch);
  auto writer = backend->createObjectWriter(stream);
  colossus::ObjectStreamer streamer(context, std::move(backend), std::move(writer),
                                    colossus::create_code_emitter(*instructions, context), *instructions, log,
                                    options.arch);
  streamer.getAssembler().setELFHeaderEFlags(isa::arch_info(options.arch).elf_flags);
  streamer.initSections(false, *subtarget);
  for (const auto& [symbol, value] : options.symbols)
    streamer.emitAssignment(context.getOrCreateSymbol(symbol), llvm::MCConstantExpr::create(value, context));
  const std::unique_ptr<llvm::MCAsmParser> parser(
      llvm::createMCAsmParser(sources, context, streamer, asm_info));
  const auto target =
      colossus::create_asm_parser(*subtarget, settings, *parser, *instructions, target_options, streamer);
  parser->setTargetParser(*target);
  const bool failed = parser->Run(true);
  return !failed && !context.hadError();
}

// What the thread that runs LLVM works with: it may outlive the call, if LLVM gives up.
struct Work {
  Work(std::string source, std::string file, AssemblerOptions how)
      : text(std::move(source)), name(std::move(file)), options(std::move(how)) {}

  std::string text, name;
  AssemblerOptions options;
  DiagnosticSink sink{text, name};
  llvm::SmallString<0> elf;
  bool good = false;
};

Object assemble_lines(const std::string& text, const std::string& name, const AssemblerOptions& options) {
  const auto work = std::make_shared<Work>(text, name, options);
  try {
    run_llvm(
        [work] { work->good = write_object(work->text, work->name, work->options, work->sink, work->elf); });
  } catch (const GivenUp& end) {
    if (work->sink.errors().empty()) throw ToolError(fmt::format("{}: {}", name, end.what()));
  }
  if (!work->sink.errors().empty()) throw ToolError(name, work->sink.errors());
  if (!work->good) throw ToolError(fmt::format("{}: assembly failed", name));
  return {name, {work->elf.begin(), work->elf.end()}, work->sink.warnings()};
}

}  // namespace

Object assemble(const std::filesystem::path& source, const AssemblerOptions& options) {
  if (!std::filesystem::is_regular_file(source))
    throw ToolError(fmt::format("{}: no such source file", source.string()));
  if (!options.preprocess) return assemble_lines(read_text(source), source.string(), options);
  Preprocessed preprocessed = preprocess(source, options);
  Object object = assemble_lines(preprocessed.text, source.string(), options);
  object.warnings.insert(object.warnings.begin(), preprocessed.warnings.begin(), preprocessed.warnings.end());
  return object;
}

Object assemble_text(const std::string& text, const std::string& name, const AssemblerOptions& options) {
  return assemble_lines(text, name, options);
}

}  // namespace ipusim::toolchain
