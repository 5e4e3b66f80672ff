// "did you mean …?": the known name nearest to what was written.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace emu {
// None if no name is near enough to be a typing mistake.
std::optional<std::string_view> nearest(std::string_view written, const std::vector<std::string_view>& known);
}  // namespace emu
