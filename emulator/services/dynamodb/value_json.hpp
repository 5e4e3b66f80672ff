// Items between the wire's JSON and Value. A request's values decode completely before they are judged (A2:
// types first, constraints next, values then), so a bad value does not throw: the first Mistake is kept
// beside the item until the operation asks for it and words it its own way (voice.hpp).
#pragma once
#include "emulator/services/dynamodb/model_names.hpp"
#include "emulator/services/dynamodb/value.hpp"

namespace emu::dynamodb {
struct Mistake {
  std::string older, current;  // the text of the older and of the current validation layer (B2, B3)
  bool request_level = true;   // gets the "1 validation error detected: " of A6 where the operation has it
  bool member_level = false;   // of a set's members or a number: a start key does not say that it is one (B4)
  std::string classic;         // the classic generation's text, where it is not the older layer's
};

// An attribute map as a request carries it: an item, a key, a start key.
struct GivenItem {
  Item item;
  std::optional<Mistake> mistake;
};

// ExpressionAttributeValues: by name, with the leading colon.
struct GivenValues {
  Item values;
  std::optional<Mistake> mistake;
  std::string mistaken;  // the name it was found under
};

struct GivenValue {
  Value value;
  std::optional<Mistake> mistake;
};

GivenItem decode(wire::Tag<GivenItem>, wire::View j, std::string_view at);
GivenValues decode(wire::Tag<GivenValues>, wire::View j, std::string_view at);
GivenValue decode(wire::Tag<GivenValue>, wire::View j, std::string_view at);
Json encode_json(const Item& item);
Json encode_json(const Value& value);
Json encode_json(const GivenItem& given);  // inputs that come back as they were: UnprocessedKeys
std::string number_fault_text(storage::NumberFault fault, std::string_view given, bool older);
inline constexpr std::size_t kMaxNameBytes = 65'535;  // of an attribute that is no key (B1)
inline constexpr std::string_view kNameTooLong =
    "One or more parameter values were invalid: Attribute name exceeds the maximum size limit of 65535 bytes";
inline constexpr std::string_view kTooDeep =
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
    "supported limit";
}  // namespace emu::dynamodb

namespace emu::wire {
template <>
struct JavaName<dynamodb::GivenValue> {
  static std::string get() { return fmt::format("class {}AttributeValue", kPackage<dynamodb::GivenValue>); }
};
template <>
struct JavaName<dynamodb::GivenItem> : JavaName<std::map<std::string, dynamodb::GivenValue>> {};
}  // namespace emu::wire
