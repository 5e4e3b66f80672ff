// What is the same for every kind of file that source.hpp reads: how large and how deep it may be, and that
// it is UTF-8. Used by its two readers.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace emu {
inline constexpr std::size_t kMaxSourceDepth = 100;
// Throws Problems for a file too large or not UTF-8.
void check_source(std::string_view text, const std::string& file);
}  // namespace emu
