#include "emulator/services/lambda/mappings/filters.hpp"

#include <algorithm>

#include "emulator/wire/document.hpp"

namespace emu::lambda {
Filters::Filters(const std::vector<std::string>& patterns) {
  for (const auto& text : patterns)
    if (auto pattern = Pattern::compile(text)) {
      const bool reads_body = pattern->names("body");
      filters_.push_back({std::move(*pattern), reads_body});
    }
}

// A body that is a JSON object or array is matched as such; any other as the text it is, so that a pattern
// for text never matches JSON, nor the other way round.
bool Filters::pass_message(const Json& record) const {
  if (std::ranges::any_of(filters_,
                          [&](const Filter& f) { return !f.reads_body && f.pattern.matches(record); }))
    return true;
  if (std::ranges::none_of(filters_, &Filter::reads_body)) return filters_.empty();
  Json looked_into = record;
  wire::Document document;
  const auto body = document.read(record.at("body").get_ref<const std::string&>());
  if (body && (body->is_object() || body->is_array())) looked_into["body"] = wire::to_json(*body);
  return std::ranges::any_of(filters_,
                             [&](const Filter& f) { return f.reads_body && f.pattern.matches(looked_into); });
}

bool Filters::pass_change(const Json& record) const {
  return filters_.empty() ||
         std::ranges::any_of(filters_, [&](const Filter& f) { return f.pattern.matches(record); });
}
}  // namespace emu::lambda
