// SPDX-License-Identifier: Apache-2.0
// The folder of a run's results: what an earlier run left in it goes before new files come.
#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace ipusim::app {

// Every file that is written is listed first in the folder's manifest, so that the next run knows which files
// are not the user's own, even if this one is killed.
class ResultFolder {
 public:
  static constexpr const char* manifest_name = ".ipusim-files";

  // Makes the folder, removes the files that its manifest lists and the folders that become empty by that,
  // and begins a new manifest. Throws InputError: the path is no folder, cannot be made or written to, an old
  // file cannot be removed, or a file with the manifest's name is none.
  //
  // again: a folder in it whose files most runs write again, with the same bytes. Those of an earlier run
  // stay there until finish(), and what is written as it stands there already is left alone: a file system
  // takes long to remove and make thousands of files.
  explicit ResultFolder(std::filesystem::path folder, std::filesystem::path again = {});
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  const std::filesystem::path& path() const { return folder_; }

  // Any thread may write, each another file. `name`: relative to the folder and inside it. Makes the folders
  // it needs. Throws InputError if it cannot.
  void write(const std::filesystem::path& name, std::string_view bytes) const;
  // The same for a file that others will write, named as they do: with the folder.
  void expect(const std::filesystem::path& file) const;
  // Removes what an earlier run left in `again` and this one did not write. Done at the end in any case.
  // Throws InputError if a file stays.
  void finish() const;
  // Throws InputError if the file is there and stays.
  void remove(const std::filesystem::path& name) const;

 private:
  void list(const std::filesystem::path& name) const;
  void remove_old_files() const;
  void remove_with_folders(const std::filesystem::path& name) const;
  bool take_old(const std::string& name) const;

  std::filesystem::path folder_;
  std::filesystem::path again_;
  mutable std::mutex mutex_;  // of what follows
  mutable std::ofstream manifest_;
  mutable std::set<std::string> old_;  // of the earlier run, in again_, not written yet
};

// Writes a file, its folders made as needed. Throws InputError naming it if that fails.
void write_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace ipusim::app
