// SPDX-License-Identifier: Apache-2.0
#include "archive.hpp"

#include <deque>
#include <map>
#include <set>

#include "../elf_reading.hpp"
#include "../read_file.hpp"
#include "llvm/Object/Archive.h"

namespace ipusim::toolchain {
namespace {

constexpr llvm::StringRef archive_magic("!<arch>\n");

constexpr llvm::StringRef thin_magic("!<thin>\n");
constexpr unsigned deepest_archive = 8;

llvm::StringRef text_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Which members the objects seen so far lack.
class Needs {
 public:
  Needs(const LinkOptions& options, const std::vector<Archive>& archives) {
    for (const auto& [name, value] : options.defines) defined_.insert(name);
    for (const auto& [name, alias] : options.aliases) defined_.insert(name);
    for (const Archive& archive : archives)
      for (const Object& object : archive.members) {
        members_.push_back({&object, read_input(object, options.wrapped)});
        for (const InputSymbol& symbol : members_.back().input.symbols)
          if (defines(symbol)) definers_.try_emplace(symbol.name, members_.size() - 1);
      }
  }

  void want(const std::string& name) {
    if (!defined_.contains(name) && wanted_.insert(name).second) open_.push_back(name);
  }
  void add(const InputObject& object) {
    for (const InputSymbol& symbol : object.symbols)
      if (defines(symbol)) defined_.insert(symbol.name);
    for (const InputSymbol& symbol : object.symbols)
      if (!symbol.local && !symbol.weak && symbol.kind == InputSymbol::Kind::undefined) want(symbol.name);
  }
  std::vector<const Object*> take() {
    std::vector<const Object*> taken;
    for (; !open_.empty(); open_.pop_front()) {
      const auto definer = definers_.find(open_.front());
      if (definer == definers_.end() || defined_.contains(open_.front())) continue;
      taken.push_back(members_[definer->second].object);
      add(members_[definer->second].input);
    }
    return taken;
  }

 private:
  static bool defines(const InputSymbol& symbol) {
    return !symbol.local && !symbol.name.empty() && symbol.kind != InputSymbol::Kind::undefined;
  }
  struct Member {
    const Object* object;
    InputObject input;
  };
  std::vector<Member> members_;
  std::map<std::string, std::size_t> definers_;  // the first member that defines it
  std::set<std::string> defined_, wanted_;
  std::deque<std::string> open_;  // wanted and not looked up yet
};

// One member: an object, or an archive's own members.
void add_member(llvm::MemoryBufferRef contents, const std::string& name, unsigned depth,
                std::vector<Object>& members);

void add_members(llvm::MemoryBufferRef file, const std::string& name, unsigned depth,
                 std::vector<Object>& members) {
  if (depth > deepest_archive)
    throw ToolError(fmt::format("{}: archives lie in each other more than {} deep", name, deepest_archive));
  const llvm::StringRef bytes = file.getBuffer();
  const auto reader = value_of(llvm::object::Archive::create(file), name);
  llvm::Error error = llvm::Error::success();
  for (const auto& child : reader->children(error)) {
    const auto child_name = value_of(child.getName(), name);
    const auto contents = value_of(child.getBuffer(), name);  // of a thin one: the file of that name
    // LLVM believes the size that stands in the member's header.
    if (!reader->isThin() && contents.end() > bytes.end())
      throw ToolError(fmt::format("{}({}): truncated", name, child_name.str()));
    add_member({contents, child_name}, fmt::format("{}({})", name, child_name.str()), depth, members);
  }
  if (error) throw ToolError(fmt::format("{}: {}", name, llvm::toString(std::move(error))));
}

bool begins_as_archive(llvm::StringRef bytes) {
  return bytes.startswith(archive_magic) || bytes.startswith(thin_magic);
}

void add_member(llvm::MemoryBufferRef contents, const std::string& name, unsigned depth,
                std::vector<Object>& members) {
  if (begins_as_archive(contents.getBuffer())) return add_members(contents, name, depth + 1, members);
  Object member{name, {contents.getBuffer().bytes_begin(), contents.getBuffer().bytes_end()}, {}};
  read_input(member);
  members.push_back(std::move(member));
}

}  // namespace

std::vector<const Object*> needed_members(const std::vector<InputObject>& objects, const LinkOptions& options,
                                          const std::vector<Archive>& archives) {
  Needs needs(options, archives);
  for (const InputObject& object : objects) needs.add(object);
  needs.want(options.entry);
  for (const std::string& name : options.undefined) needs.want(name);
  for (const auto& [name, alias] : options.aliases) needs.want(alias.symbol);
  return needs.take();
}

bool is_archive(const std::filesystem::path& file) { return begins_as_archive(text_of(read_file(file))); }

Archive read_archive(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  Archive archive{file.string(), {}};
  add_members({text_of(bytes), archive.name}, archive.name, 1, archive.members);
  return archive;
}

}  // namespace ipusim::toolchain
