#include "emulator/source/spelling.hpp"

#include <algorithm>
#include <utility>

#include "emulator/base/text.hpp"

namespace emu {
namespace {
// Letters to insert, remove or exchange; case does not count.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, exchanged}));
    }
  }
  return row[b.size()];
}
}  // namespace

std::optional<std::string_view> nearest(std::string_view written,
                                        const std::vector<std::string_view>& known) {
  std::optional<std::string_view> best;
  std::size_t least = written.size() < 5 ? 2 : 3;
  if (written.size() > 100) return best;
  for (const auto name : known)
    if (const auto n = edits(written, name); n < least) {
      least = n;
      best = name;
    }
  return best;
}
}  // namespace emu
