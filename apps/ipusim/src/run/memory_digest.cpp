// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/memory_digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace ipusim::app {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    if (!context_) throw std::bad_alloc();
    require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
  }
  void add(std::span<const std::byte> bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  }
  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
    unsigned length = 0;
    require(EVP_DigestFinal_ex(context_.get(), result.data(), &length));
    std::string text;
    for (const unsigned char byte : std::span{result}.first(length)) text += fmt::format("{:02x}", byte);
    return text;
  }

 private:
  static void require(int done) {
    if (done != 1) throw std::runtime_error("libcrypto cannot compute SHA-256");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.add(std::as_bytes(std::span{bytes}));
  return digest.finish();
}

std::string memory_sha256(const std::vector<const chip::ChipModel*>& chips) {
  Sha256 digest;
  for (const chip::ChipModel* chip : chips) {
    const isa::ArchInfo& map = isa::arch_info(chip->arch());
    std::vector<std::byte> memory(map.memory_end - map.memory_base);
    for (std::uint32_t i = 0; i < chip->size(); ++i) {
      chip->tile(TileIndex{i}).read_memory(ByteAddr{map.memory_base}, memory);
      digest.add(memory);
    }
  }
  return digest.finish();
}

}  // namespace ipusim::app
