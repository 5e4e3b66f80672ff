#include "emulator/base/digest.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>

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

int base64_value(char c) {
  static constexpr auto kValues = [] {
    std::array<signed char, 256> values{};
    values.fill(-1);
    signed char next = 0;
    for (const char letter :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
      values[static_cast<unsigned char>(letter)] = next++;
    return values;
  }();
  return kValues[static_cast<unsigned char>(c)];
}

std::string base64_encode(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), raw(bytes), static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  text.remove_suffix(padding);
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  unsigned bits = 0, held = 0;
  for (const char c : text) {
    const int sextet = base64_value(c);
    if (sextet < 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(sextet);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push_back(static_cast<char>(bits >> held & 0xFF));
  }
  return out;
}
}  // namespace emu
