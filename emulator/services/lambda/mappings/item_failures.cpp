#include "emulator/services/lambda/mappings/item_failures.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/json.hpp"

namespace emu::lambda {
namespace {
// The places of what it listed; none: it cannot be understood.
std::optional<std::vector<std::size_t>> places_of(const Json& list, std::span<const std::string_view> ids) {
  std::unordered_map<std::string_view, std::size_t> place_of;
  for (std::size_t i = 0; i < ids.size(); ++i) place_of.emplace(ids[i], i);
  std::vector<std::size_t> out;
  for (const auto& item : list) {
    if (!item.is_object() || !item.contains("itemIdentifier")) return std::nullopt;
    const auto& id = item["itemIdentifier"];
    const auto found = id.is_string() ? place_of.find(id.get_ref<const std::string&>()) : place_of.end();
    if (found == place_of.end()) return std::nullopt;
    out.push_back(found->second);
  }
  std::ranges::sort(out);
  const auto twice = std::ranges::unique(out);
  out.erase(twice.begin(), twice.end());
  return out;
}
}  // namespace

ItemFailures item_failures(std::string_view payload, std::span<const std::string_view> ids) {
  const auto answer = bounded_parse(payload);
  const bool nothing = answer.is_null() || (answer.is_array() && answer.empty()) ||
                       (answer.is_string() && answer.get_ref<const std::string&>().empty());
  if (nothing) return {};
  if (!answer.is_object()) return {.whole_batch = true};
  const auto list = answer.find("batchItemFailures");
  if (list == answer.end() || list->is_null()) return {};
  auto places = list->is_array() ? places_of(*list, ids) : std::nullopt;
  if (!places) return {.whole_batch = true};
  return {.places = std::move(*places)};
}
}  // namespace emu::lambda
