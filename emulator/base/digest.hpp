// Digests and their text forms.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emu {
std::string sha256(std::string_view bytes);   // 32 raw bytes
std::string md5(std::string_view bytes);      // 16 raw bytes
std::string hex(std::string_view bytes);      // lower case
std::uint32_t crc32(std::string_view bytes);  // IEEE, as x-amz-crc32 has it
int base64_value(char c);                     // 0..63; -1 for what is no letter of base64
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);  // strict: padded, no white space
}  // namespace emu
