#include "archive.hpp"

#include <set>

#include "../elf_reading.hpp"
#include "../read_file.hpp"
#include "llvm/Object/Archive.h"

namespace ipusim::toolchain {
namespace {

constexpr llvm::StringRef archive_magic("!<arch>\n");

// Names a set of objects defines and wants.
class Names {
 public:
  void add(const InputObject& object) {
    for (const InputSymbol& symbol : object.symbols) {
      if (symbol.local || symbol.name.empty()) continue;
      if (symbol.kind != InputSymbol::Kind::undefined)
        defined_.insert(symbol.name);
      else if (!symbol.weak)
        wanted_.insert(symbol.name);
    }
  }
  void define(const std::string& name) { defined_.insert(name); }
  void want(const std::string& name) { wanted_.insert(name); }
  bool wants_from(const InputObject& object) const {
    for (const InputSymbol& symbol : object.symbols)
      if (!symbol.local && symbol.kind != InputSymbol::Kind::undefined && wanted_.contains(symbol.name) &&
          !defined_.contains(symbol.name))
        return true;
    return false;
  }

 private:
  std::set<std::string> defined_, wanted_;
};

llvm::StringRef text_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::vector<const Object*> needed_members(const std::vector<InputObject>& objects, const LinkOptions& options,
                                          const std::vector<Archive>& archives) {
  Names names;
  for (const InputObject& object : objects) names.add(object);
  for (const auto& [name, value] : options.defines) names.define(name);
  names.want(options.entry);
  struct Member {
    const Object* object;
    InputObject input;
    bool taken = false;
  };
  std::vector<Member> members;
  for (const Archive& archive : archives)
    for (const Object& object : archive.members) members.push_back({&object, read_input(object)});
  std::vector<const Object*> needed;
  for (bool changed = true; changed;) {
    changed = false;
    for (Member& member : members) {
      if (member.taken || !names.wants_from(member.input)) continue;
      member.taken = changed = true;
      names.add(member.input);
      needed.push_back(member.object);
    }
  }
  return needed;
}

bool is_archive(const std::filesystem::path& file) {
  return text_of(read_file(file)).startswith(archive_magic);
}

Archive read_archive(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  Archive archive{file.string(), {}};
  const auto reader = value_of(llvm::object::Archive::create({text_of(bytes), archive.name}), archive.name);
  llvm::Error error = llvm::Error::success();
  for (const auto& child : reader->children(error)) {
    const auto child_name = value_of(child.getName(), archive.name);
    const auto contents = value_of(child.getBuffer(), archive.name);
    // LLVM believes the size that stands in the member's header.
    if (contents.end() > text_of(bytes).end()) {
      throw ToolError(fmt::format("{}({}): truncated", archive.name, child_name.str()));
    }
    Object member{fmt::format("{}({})", archive.name, child_name.str()),
                  {contents.bytes_begin(), contents.bytes_end()},
                  {}};
    read_input(member);
    archive.members.push_back(std::move(member));
  }
  if (error) throw ToolError(fmt::format("{}: {}", archive.name, llvm::toString(std::move(error))));
  return archive;
}

}  // namespace ipusim::toolchain
