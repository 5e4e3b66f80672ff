#include "emulator/base/ids.hpp"

namespace emu {
Ids::Ids() : random_((std::uint64_t{std::random_device{}()} << 32) | std::random_device{}()) {}

std::uint64_t Ids::number() {
  std::lock_guard hold(mutex_);
  return random_();
}

std::string Ids::uuid() {
  auto out = text(36, kHex);
  out[8] = out[13] = out[18] = out[23] = '-';
  out[14] = '4';  // its version
  out[19] = "89ab"[out[19] & 3];
  return out;
}

std::string Ids::text(std::size_t length, std::string_view alphabet) {
  std::string out(length, ' ');
  std::uint64_t pool = 0;
  std::uint32_t fraction = 0;
  const std::lock_guard hold(mutex_);
  for (std::size_t i = 0; i < length; ++i) {
    if (i % 10 == 0) pool = random_();
    if (i % 5 == 0) {  // five characters of at most 64 kinds fit 32 bits
      fraction = static_cast<std::uint32_t>(pool);
      pool >>= 32;
    }
    // The highest part of a fraction is a character, what is below it the next fraction: no division.
    const auto product = std::uint64_t{fraction} * alphabet.size();
    out[i] = alphabet[product >> 32];
    fraction = static_cast<std::uint32_t>(product);
  }
  return out;
}
}  // namespace emu
