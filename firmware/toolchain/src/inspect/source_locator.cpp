#include "ipusim/toolchain/source_locator.hpp"

#include <filesystem>
#include <map>

#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

namespace ipusim::toolchain {

struct SourceLocator::Impl {
  struct Row {
    SourceLocation location;
    bool ends = false;  // first address behind a sequence
  };
  std::map<std::uint32_t, Row> rows;

  void read(llvm::DWARFContext& dwarf) {
    for (const auto& unit : dwarf.compile_units()) {
      const auto* table = dwarf.getLineTableForUnit(unit.get());
      if (table == nullptr) continue;
      const std::string directory = unit->getCompilationDir() == nullptr ? "" : unit->getCompilationDir();
      for (const auto& row : table->Rows) {
        const auto address = static_cast<std::uint32_t>(row.Address.Address);
        if (row.EndSequence) {
          rows.try_emplace(address, Row{{}, true});
          continue;
        }
        std::string file;
        table->getFileNameByIndex(row.File, directory, llvm::DILineInfoSpecifier::FileLineInfoKind::RelativeFilePath,
                                  file);
        rows.insert_or_assign(address, Row{{file, row.Line}, false});
      }
    }
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
  if (row->second.ends) return std::nullopt;
  return row->second.location;
}

}  // namespace ipusim::toolchain
