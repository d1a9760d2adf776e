// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/source_locator.hpp"

#include <filesystem>
#include <map>

#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

namespace ipusim::toolchain {
namespace {

using PathKind = llvm::DILineInfoSpecifier::FileLineInfoKind;

}  // namespace

struct SourceLocator::Impl {
  struct File {
    std::string name;  // as the line table has it
    std::string path;  // with the directory of the compilation
  };
  struct Row {
    std::size_t file = 0;
    unsigned line = 0;  // 0: no line from here on
  };
  std::vector<File> files;
  std::map<std::string, std::size_t> file_of_path;
  std::map<std::uint32_t, Row> rows;

  void read(llvm::DWARFContext& dwarf) {
    for (const auto& unit : dwarf.compile_units()) {
      const auto* table = dwarf.getLineTableForUnit(unit.get());
      if (table == nullptr) continue;
      const std::string directory = unit->getCompilationDir() == nullptr ? "" : unit->getCompilationDir();
      std::map<std::uint64_t, std::size_t> known;  // files by number in this table
      for (const auto& row : table->Rows) {
        const auto address = static_cast<std::uint32_t>(row.Address.Address);
        if (row.EndSequence) {
          rows.try_emplace(address, Row{});
          continue;
        }
        auto file = known.find(row.File);
        if (file == known.end()) file = known.emplace(row.File, add_file(*table, row.File, directory)).first;
        rows.insert_or_assign(address, Row{file->second, row.Line});
      }
    }
  }

  std::size_t add_file(const llvm::DWARFDebugLine::LineTable& table, std::uint64_t number,
                       const std::string& directory) {
    File file;
    table.getFileNameByIndex(number, directory, PathKind::RelativeFilePath, file.name);
    table.getFileNameByIndex(number, directory, PathKind::AbsoluteFilePath, file.path);
    const auto [found, is_new] = file_of_path.try_emplace(file.path, files.size());
    if (is_new) files.push_back(std::move(file));
    return found->second;
  }
};

SourceLocator::SourceLocator(const Image& image) : impl_(std::make_unique<Impl>()) {
  const llvm::StringRef bytes(reinterpret_cast<const char*>(image.elf.data()), image.elf.size());
  auto file = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(bytes, image.name));
  if (!file) throw ToolError(image.name + ": " + llvm::toString(file.takeError()));
  // Damaged line information locates nothing; it is no reason to refuse the image.
  const auto ignore = [](llvm::Error error) { llvm::consumeError(std::move(error)); };
  const auto dwarf = llvm::DWARFContext::create(**file, llvm::DWARFContext::ProcessDebugRelocations::Ignore,
                                                nullptr, "", ignore, ignore);
  impl_->read(*dwarf);
}
SourceLocator::~SourceLocator() = default;

std::optional<SourceLocation> SourceLocator::locate(ByteAddr address) const {
  auto row = impl_->rows.upper_bound(address.value());
  if (row == impl_->rows.begin()) return std::nullopt;
  --row;
  if (row->second.line == 0) return std::nullopt;
  const Impl::File& file = impl_->files[row->second.file];
  return SourceLocation{file.name, row->second.line, file.path};
}

}  // namespace ipusim::toolchain
