#include "emulator/services/sqs/wire/json_scalars.hpp"

#include <algorithm>
#include <span>

namespace emu::sqs {
namespace {
constexpr std::string_view kNumbers[] = {
    "DelaySeconds",    "MaxNumberOfMessages",          "MaxResults",
    "WaitTimeSeconds", "MaxNumberOfMessagesPerSecond", "VisibilityTimeout"};
// Maps whose keys are the client's: a number under one of the names above is no number there.
constexpr std::string_view kMapsOfTexts[] = {"Attributes", "Tags", "tags"};

bool named(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool make_text(Json& value) {
  if (!value.is_number() && !value.is_boolean()) return false;
  value = value.dump();
  return true;
}

bool make_texts(Json& object, bool all) {
  bool changed = false;
  for (auto& [name, value] : object.items()) {
    if (value.is_object()) {
      changed |= make_texts(value, named(kMapsOfTexts, name));
    } else if (value.is_array()) {
      for (auto& element : value)
        changed |= element.is_object() ? make_texts(element, false) : make_text(element);
    } else if (all || !named(kNumbers, name)) {
      changed |= make_text(value);
    }
  }
  return changed;
}
}  // namespace

bool make_texts(Json& input) { return make_texts(input, false); }
}  // namespace emu::sqs
