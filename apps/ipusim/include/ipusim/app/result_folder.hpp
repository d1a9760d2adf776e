// The folder of a run's results: what an earlier run left in it goes before new files come.
#pragma once

#include <filesystem>
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
  explicit ResultFolder(std::filesystem::path folder);

  const std::filesystem::path& path() const { return folder_; }

  // `name`: relative to the folder and inside it. Makes the folders it needs. Throws InputError if it cannot.
  void write(const std::filesystem::path& name, std::string_view bytes) const;
  // The same for a file that others will write, named as they do: with the folder.
  void expect(const std::filesystem::path& file) const;
  // Throws InputError if the file is there and stays.
  void remove(const std::filesystem::path& name) const;

 private:
  void list(const std::filesystem::path& name) const;
  void remove_old_files() const;

  std::filesystem::path folder_;
};

// Writes a file, its folders made as needed. Throws InputError naming it if that fails.
void write_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace ipusim::app
