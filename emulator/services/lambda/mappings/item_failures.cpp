#include "emulator/services/lambda/mappings/item_failures.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"

namespace emu::lambda {
ItemFailures item_failures(std::string_view payload, std::span<const std::string_view> ids) {
  const ItemFailures none, all{true, {}};
  const auto answer = Json::parse(payload, nullptr, false);
  if (answer.is_discarded()) return all;
  if (answer.is_null() || (answer.is_string() && answer.get_ref<const std::string&>().empty())) return none;
  if (answer.is_array() && answer.empty()) return none;
  if (!answer.is_object()) return all;
  const auto list = answer.find("batchItemFailures");
  if (list == answer.end() || list->is_null()) return none;
  if (!list->is_array()) return all;
  ItemFailures out;
  for (const auto& item : *list) {
    const auto id = item.is_object() ? item.find("itemIdentifier") : item.end();
    if (!item.is_object() || id == item.end() || !id->is_string()) return all;
    const auto at = std::ranges::find(ids, id->get_ref<const std::string&>());
    if (at == ids.end()) return all;
    out.places.push_back(static_cast<std::size_t>(at - ids.begin()));
  }
  std::ranges::sort(out.places);
  const auto twice = std::ranges::unique(out.places);
  out.places.erase(twice.begin(), twice.end());
  return out;
}
}  // namespace emu::lambda
