// One page of a list: Marker is the position the last page ended at, as opaque to clients as AWS's.
#pragma once
#include "emulator/base/text.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
inline constexpr int kPageSize = 50;  // per page of most lists, whatever MaxItems says

// Moves the page into `page`; returns the next marker, none at the end.
template <class T>
std::optional<std::string> take_page(std::vector<T> all, const std::optional<std::string>& marker,
                                     std::optional<int> max_items, std::vector<T>& page,
                                     int largest = kPageSize) {
  Violations out;
  if (max_items) out.range(*max_items, "maxItems", 1, 10'000);
  out.raise();
  std::size_t from = 0;
  if (marker && !marker->empty()) {
    const auto given = number_in<std::size_t>(*marker);
    if (!given) throw invalid_parameter(fmt::format("Invalid marker: {}", *marker));
    from = *given;
  }
  const auto size = static_cast<std::size_t>(std::min(max_items.value_or(largest), largest));
  from = std::min(from, all.size());
  const auto to = std::min(from + size, all.size());
  for (auto i = from; i < to; ++i) page.push_back(std::move(all[i]));
  return to < all.size() ? std::optional(std::to_string(to)) : std::nullopt;
}
}  // namespace emu::lambda
