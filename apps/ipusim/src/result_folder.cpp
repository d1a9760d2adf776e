// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/result_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "ipusim/base/input_error.hpp"

namespace ipusim::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view heading = "# Files that ipusim wrote into this folder; its next run removes them.";

// Relative, and inside the folder it is relative to.
bool is_inside(const fs::path& name) {
  return !name.empty() && name.is_relative() && name.has_filename() &&
         std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
}

std::vector<fs::path> read_manifest(const fs::path& manifest) {
  std::ifstream stream(manifest);
  std::string line;
  if (!stream) return {};
  if (!std::getline(stream, line) || line != heading) {
    throw InputError(
        fmt::format("{}: this is no list of files by ipusim, which keeps one by that name: rename it, or "
                    "choose another --out",
                    manifest.string()));
  }
  std::vector<fs::path> names;
  while (std::getline(stream, line)) {
    const fs::path name{line};
    if (is_inside(name)) names.push_back(name);
  }
  return names;
}

void remove_file(const fs::path& file) {
  std::error_code failure;
  fs::remove(file, failure);
  if (failure) {
    throw InputError(
        fmt::format("{}: cannot remove what an earlier run left: {}", file.string(), failure.message()));
  }
}

bool holds(const fs::path& file, std::string_view bytes) {
  std::error_code failure;
  if (!fs::is_regular_file(fs::symlink_status(file, failure)) || fs::file_size(file, failure) != bytes.size())
    return false;
  std::ifstream stream(file, std::ios::binary);
  std::string found(bytes.size(), '\0');
  stream.read(found.data(), static_cast<std::streamsize>(found.size()));
  return stream && found == bytes;
}

std::string normal(const fs::path& name) { return name.lexically_normal().generic_string(); }

}  // namespace

ResultFolder::ResultFolder(fs::path folder, fs::path again)
    : folder_(std::move(folder)), again_(std::move(again)) {
  std::error_code failure;
  if (fs::exists(folder_, failure) && !fs::is_directory(folder_, failure)) {
    throw InputError(
        fmt::format("{}: is a file, but the results need a folder: choose another --out", folder_.string()));
  }
  fs::create_directories(folder_, failure);
  if (failure) {
    throw InputError(
        fmt::format("{}: cannot make this folder for the results: {}", folder_.string(), failure.message()));
  }
  remove_old_files();
  std::string manifest = std::string{heading} + "\n";
  for (const std::string& name : old_) manifest += name + "\n";
  write_file(folder_ / manifest_name, manifest);
  manifest_.open(folder_ / manifest_name, std::ios::app);
}

ResultFolder::~ResultFolder() {
  try {
    finish();
  } catch (const InputError&) {
    // The list still names what stays: the next run tries again.
  }
}

void ResultFolder::remove_old_files() const {
  for (const fs::path& name : read_manifest(folder_ / manifest_name)) {
    if (!again_.empty() && *name.begin() == again_) {
      old_.insert(normal(name));
    } else {
      remove_with_folders(name);
    }
  }
}

void ResultFolder::remove_with_folders(const fs::path& name) const {
  const fs::path file = folder_ / name;
  std::error_code failure;
  if (!fs::is_regular_file(fs::symlink_status(file, failure))) return;
  remove_file(file);
  // Folders that are not empty stay.
  for (fs::path parent = name.parent_path(); !parent.empty(); parent = parent.parent_path()) {
    if (!fs::remove(folder_ / parent, failure)) break;
  }
}

void ResultFolder::finish() const {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : old_) remove_with_folders(name);
  old_.clear();
}

// Whether an earlier run left the file; it is this run's now.
bool ResultFolder::take_old(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return old_.erase(name) != 0;
}

void ResultFolder::list(const fs::path& name) const {
  const std::string text = normal(name);
  if (!is_inside(name) || text.find('\n') != std::string::npos)
    throw InputError(fmt::format("{}: is no name for a file in a folder of results", text));
  const std::lock_guard lock(mutex_);
  manifest_ << text << '\n' << std::flush;
  if (!manifest_) {
    throw InputError(fmt::format("{}: cannot write the file: {}", (folder_ / manifest_name).string(),
                                 std::strerror(errno)));
  }
}

void ResultFolder::write(const fs::path& name, std::string_view bytes) const {
  const bool is_old = take_old(normal(name));
  if (!is_old) list(name);  // else it is listed
  if (!is_old || !holds(folder_ / name, bytes)) write_file(folder_ / name, bytes);
}

void ResultFolder::expect(const fs::path& file) const { list(file.lexically_relative(folder_)); }

void ResultFolder::remove(const fs::path& name) const { remove_file(folder_ / name); }

void write_file(const fs::path& file, std::string_view bytes) {
  std::error_code failure;
  if (fs::is_directory(file, failure))
    throw InputError(fmt::format("{}: cannot write the file: a folder has this name", file.string()));
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), failure);
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) {
    const std::string why = failure ? failure.message() : std::strerror(errno);
    throw InputError(fmt::format("{}: cannot write the file: {}", file.string(), why));
  }
}

}  // namespace ipusim::app
