#include "ipusim/cli/run/memory_digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace ipusim::cli {
namespace {

void require(int done) {
  if (done != 1) throw std::runtime_error("libcrypto cannot compute SHA-256");
}

}  // namespace

std::string memory_sha256(const chip::Chip& chip) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  if (!digest) throw std::bad_alloc();
  require(EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr));
  const isa::ArchInfo& map = isa::arch_info(chip.system().arch);
  std::vector<std::byte> memory(map.memory_end - map.memory_base);
  for (std::uint32_t i = 0; i < chip.size(); ++i) {
    chip.tile(TileIndex{i}).read_memory(ByteAddr{map.memory_base}, memory);
    require(EVP_DigestUpdate(digest.get(), memory.data(), memory.size()));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  unsigned length = 0;
  require(EVP_DigestFinal_ex(digest.get(), result.data(), &length));
  std::string text;
  for (const unsigned char byte : std::span{result}.first(length)) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace ipusim::cli
