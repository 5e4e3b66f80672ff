#include "emulator/base/digest.hpp"

#include <openssl/evp.h>
#include <zlib.h>

namespace emu {
namespace {
const unsigned char* raw(std::string_view v) { return reinterpret_cast<const unsigned char*>(v.data()); }

// Keeps its algorithm and context: finding one and making the other costs ten times a short text's digest.
class Digester {
 public:
  explicit Digester(const char* name)
      : algorithm_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {}
  ~Digester() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  Digester(const Digester&) = delete;
  Digester& operator=(const Digester&) = delete;

  std::string digest(std::string_view bytes) {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(algorithm_)), '\0');
    EVP_DigestInit_ex(context_, algorithm_, nullptr);
    EVP_DigestUpdate(context_, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(out.data()), nullptr);
    return out;
  }

 private:
  EVP_MD* algorithm_;
  EVP_MD_CTX* context_;
};
}  // namespace

std::string sha256(std::string_view bytes) {
  thread_local Digester digester("SHA256");
  return digester.digest(bytes);
}

std::string md5(std::string_view bytes) {
  thread_local Digester digester("MD5");
  return digester.digest(bytes);
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char c : bytes) {
    out += digits[c >> 4];
    out += digits[c & 15];
  }
  return out;
}

std::uint32_t crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, raw(bytes), bytes.size()));
}

std::string base64_encode(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), raw(bytes), static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.find_first_of(" \t\r\n") != text.npos) return std::nullopt;  // OpenSSL would skip them
  std::string out(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), raw(text), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(out.size() - padding);
  return out;
}
}  // namespace emu
