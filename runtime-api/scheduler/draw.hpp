// Numbers that look random and are a function of what they are drawn for, so that a run with the same seed
// draws the same whatever happens beside it. Pure; used by pool.cpp and cold_start.cpp.
#pragma once
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace emu::runtime {
// One step of SplitMix64: every bit of the result depends on every bit of the key.
constexpr std::uint64_t mixed(std::uint64_t key) {
  key += 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
  return key ^ (key >> 31);
}
constexpr std::uint64_t mixed(std::uint64_t key, std::string_view text) {
  for (const char c : text) key = mixed(key ^ static_cast<unsigned char>(c));
  return key;
}
// Between 0 and 1, neither included.
inline double uniform(std::uint64_t key) { return (static_cast<double>(mixed(key) >> 11) + 0.5) * 0x1.0p-53; }
// Of the normal distribution with mean 0 and deviation 1.
inline double normal(std::uint64_t key) {
  return std::sqrt(-2 * std::log(uniform(key))) *
         std::cos(2 * std::numbers::pi * uniform(mixed(key) ^ 0x5bf0'3635));
}
}  // namespace emu::runtime
