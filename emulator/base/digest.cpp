#include "emulator/base/digest.hpp"

#include <nettle/md5.h>
#include <nettle/sha2.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <array>

namespace emu {
namespace {
const std::uint8_t* raw(std::string_view v) { return reinterpret_cast<const std::uint8_t*>(v.data()); }
}  // namespace

// By nettle rather than OpenSSL, which sets itself up before its first digest: a megabyte and a
// millisecond that a daemon without TLS has no other use for.
std::string sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_SIZE, '\0');
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, bytes.size(), raw(bytes));
  sha256_digest(&context, out.size(), reinterpret_cast<std::uint8_t*>(out.data()));
  return out;
}

std::string md5(std::string_view bytes) {
  std::string out(MD5_DIGEST_SIZE, '\0');
  md5_ctx context;
  md5_init(&context);
  md5_update(&context, bytes.size(), raw(bytes));
  md5_digest(&context, out.size(), reinterpret_cast<std::uint8_t*>(out.data()));
  return out;
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
