#include "emulator/base/ids.hpp"

#include <fmt/format.h>

namespace emu {
Ids::Ids() : random_((std::uint64_t{std::random_device{}()} << 32) | std::random_device{}()) {}

std::uint64_t Ids::number() {
  std::lock_guard hold(mutex_);
  return random_();
}

std::string Ids::uuid() {
  const auto high = number(), low = number();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xfff,
                     0x8000 | (low >> 50 & 0x3fff), low & 0xffff'ffff'ffff);
}

std::string Ids::text(std::size_t length, std::string_view alphabet) {
  std::string out(length, ' ');
  std::uint64_t pool = 0;
  for (std::size_t i = 0; i < length; ++i) {
    if (i % 10 == 0) pool = number();  // ten characters of at most 64 kinds fit one draw
    out[i] = alphabet[pool % alphabet.size()];
    pool /= alphabet.size();
  }
  return out;
}
}  // namespace emu
