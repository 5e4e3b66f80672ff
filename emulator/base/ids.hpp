// Request ids, UUIDs and random names from one seeded source, so that a run with a given seed repeats
// exactly.
#pragma once
#include <mutex>
#include <random>
#include <string>

namespace emu {
class Ids {
 public:
  Ids();  // seeded from the system
  explicit Ids(std::uint64_t seed) : random_(seed) {}
  std::string uuid();                                               // version 4, lower case
  std::string text(std::size_t length, std::string_view alphabet);  // e.g. api ids, physical names
  std::uint64_t number();
  static constexpr std::string_view kAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  static constexpr std::string_view kLowerAlnum = "abcdefghijklmnopqrstuvwxyz0123456789";
  static constexpr std::string_view kUpperAlnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  static constexpr std::string_view kHex = "0123456789abcdef";

 private:
  std::mutex mutex_;
  std::mt19937_64 random_;
};
}  // namespace emu
