#include "emulator/services/gateway/rest/keys/csv.hpp"

#include <algorithm>

namespace emu::gateway::v1 {
namespace {
std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// A cell in apostrophes, as AWS's page writes lists; one that only begins with an apostrophe is none.
constexpr std::size_t kLongestQuoted = 4096;
std::size_t closing_apostrophe(std::string_view text) {
  for (std::size_t at = 1; at < std::min(text.size(), kLongestQuoted); ++at) {
    if (text[at] == '\r' || text[at] == '\n') return text.npos;
    if (text[at] != '\'') continue;
    const auto behind = text.find_first_not_of(" \t", at + 1);
    if (behind == text.npos || std::string_view(",\r\n").find(text[behind]) != text.npos) return at;
  }
  return text.npos;
}

// The cell that begins here; what is left of the text begins with what ended it.
std::string cell(std::string_view& text) {
  const auto blank = text.find_first_not_of(" \t");
  if (blank != text.npos && text[blank] == '\'') {
    text.remove_prefix(blank);
    if (const auto closed = closing_apostrophe(text); closed != text.npos) {
      std::string out(text.substr(1, closed - 1));
      text.remove_prefix(std::min(text.find_first_of(",\r\n", closed), text.size()));
      return out;
    }
  }
  if (blank == text.npos || text[blank] != '"') {
    const auto end = std::min(text.find_first_of(",\r\n"), text.size());
    std::string out(trimmed(text.substr(0, end)));
    text.remove_prefix(end);
    return out;
  }
  std::string out;
  std::size_t at = blank + 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '"' && at + 1 < text.size() && text[at + 1] == '"')
      ++at;
    else if (text[at] == '"')
      break;
    out += text[at];
  }
  text.remove_prefix(std::min(text.find_first_of(",\r\n", at), text.size()));
  return out;
}
}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text) {
  static constexpr std::string_view kMark = "\xEF\xBB\xBF";  // of byte order, as spreadsheets write it
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  std::vector<CsvRow> out;
  while (!text.empty()) {
    CsvRow row;
    for (;;) {
      row.push_back(cell(text));
      if (!text.starts_with(',')) break;
      text.remove_prefix(1);
    }
    while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
    if (row.size() > 1 || !row.front().empty()) out.push_back(std::move(row));
  }
  return out;
}
}  // namespace emu::gateway::v1
