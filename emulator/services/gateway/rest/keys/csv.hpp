// Comma-separated values (RFC 4180), as ImportApiKeys takes them. Pure; bytes from outside: one pass, and no
// more cells than bytes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace emu::gateway::v1 {
using CsvRow = std::vector<std::string>;
// Its rows without those that are empty. A cell in quotes holds commas, line ends and doubled quotes; one
// that is not closed ends with the text. One in apostrophes holds commas. White space around a cell without
// quotes is none of it.
std::vector<CsvRow> parse_csv(std::string_view text);
}  // namespace emu::gateway::v1
