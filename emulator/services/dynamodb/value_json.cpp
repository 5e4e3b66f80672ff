#include "emulator/services/dynamodb/value_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";
constexpr std::string_view kNoType =
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";

std::string text_of(Json& j) { return wire::decode(wire::Tag<std::string>{}, j, ""); }

Json::array_t& array_of(Json& j) {
  if (!j.is_array()) throw wire::mismatch(j, wire::Want::list);
  return j.get_ref<Json::array_t&>();
}

// Decodes values, remembering the first mistake.
class Reader {
 public:
  std::optional<Mistake> mistake;

  Value value(Json& j, int depth);
  Item map(Json& j, int depth) {
    if (!j.is_object()) throw wire::mismatch(j, wire::Want::map, wire::JavaName<GivenItem>::get());
    Item out;
    out.reserve(j.size());
    for (auto& [name, value_json] : j.get_ref<Json::object_t&>()) {  // std::map: ascending, as Item wants it
      if (value_json.is_null()) continue;
      if (name.empty()) wrong("Empty attribute name");
      if (name.size() > kMaxNameBytes) wrong(std::string(kNameTooLong));
      auto one = value(value_json, depth);
      out.append(name, std::move(one));
    }
    return out;
  }

 private:
  void wrong(std::string text, bool request_level = true) {
    if (!mistake) mistake = Mistake{text, text, request_level};
  }
  void wrong_members(std::string older, std::string current) {
    if (!mistake) mistake = Mistake{std::move(older), std::move(current), true, true};
  }
  void wrong_members(std::string text) { wrong_members(text, text); }
  Value held(std::string_view type, Json& j, int depth);
  Number number(const std::string& text);
  StringSet strings(Json& j);
  NumberSet numbers(Json& j);
  BinarySet binaries(Json& j);
};

// The classic generation reads with Java's BigDecimal, whose exponents are of 32 bits and wrap around (B2).
storage::NumberFault wrapped_fault(storage::NumberFault fault, std::string_view text) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (fault != storage::NumberFault::overflow && fault != storage::NumberFault::underflow) return fault;
  const auto e = std::min(text.find_first_of("eE"), text.size());
  auto power = text.substr(std::min(text.size(), e + 1));
  if (power.starts_with('+')) power.remove_prefix(1);
  const auto exponent = number_in<std::int64_t>(power).value_or(0);
  const auto mantissa = text.substr(0, e);
  const auto point = std::min(mantissa.find('.'), mantissa.size() - 1);
  const auto fraction = static_cast<std::int64_t>(mantissa.size() - 1 - point);
  const auto first = std::min(mantissa.find_first_of("123456789"), mantissa.size() - 1);
  const auto digits = static_cast<std::int64_t>(mantissa.size() - first - (point > first && fraction > 0));
  if (exponent < -Limits::max() + fraction || exponent - 1 > Limits::max() + fraction)
    return storage::NumberFault::malformed;
  const auto places = digits + exponent - fraction;
  if (places > Limits::max()) return storage::NumberFault::underflow;
  return places < Limits::min() ? storage::NumberFault::overflow : fault;
}

Number Reader::number(const std::string& text) {
  auto parsed = Number::parse(text);
  if (const auto* n = std::get_if<Number>(&parsed)) return *n;
  const auto fault = std::get<storage::NumberFault>(parsed);
  const bool first = !mistake;
  wrong_members(number_fault_text(fault, text, true), number_fault_text(fault, text, false));
  if (const auto wrapped = wrapped_fault(fault, text); wrapped != fault && first)
    mistake->classic = number_fault_text(wrapped, text, true);
  return Number();
}

// The members in byte order up to the first repeat, the repeat, the rest as sent (B3).
std::vector<std::string> repeats_shown(const std::vector<std::string>& given) {
  std::vector<std::string> seen;
  std::size_t i = 0;
  for (; i < given.size(); ++i) {
    const auto it = std::ranges::lower_bound(seen, given[i]);
    if (it != seen.end() && *it == given[i]) break;
    seen.insert(it, given[i]);
  }
  for (; i < given.size(); ++i) seen.push_back(given[i]);
  return seen;
}

StringSet Reader::strings(Json& j) {
  StringSet out;
  for (auto& e : array_of(j)) out.members.push_back(text_of(e));
  if (out.members.empty()) wrong_members(fmt::format("{}An string set  may not be empty", kInvalid));
  const auto given = mistake ? std::vector<std::string>{} : out.members;
  std::ranges::sort(out.members);
  if (!mistake && std::ranges::adjacent_find(out.members) != out.members.end()) {
    std::string quoted;
    for (const auto& s : repeats_shown(given))
      quoted += fmt::format("{}\"{}\"", quoted.empty() ? "" : ", ", s);
    wrong_members(
        fmt::format("{}Input collection [{}] contains duplicates.", kInvalid, fmt::join(given, ", ")),
        fmt::format("{}Input collection [{}] contains duplicates.", kInvalid, quoted));
  }
  return out;
}

NumberSet Reader::numbers(Json& j) {
  NumberSet out;
  for (auto& e : array_of(j)) out.members.push_back(number(text_of(e)));
  if (out.members.empty()) wrong_members(fmt::format("{}An number set  may not be empty", kInvalid));
  std::ranges::sort(out.members);
  if (std::ranges::adjacent_find(out.members) != out.members.end())
    wrong_members("Input collection contains duplicates",
                  fmt::format("{}Input collection contains duplicates.", kInvalid));
  return out;
}

BinarySet Reader::binaries(Json& j) {
  BinarySet out;
  for (auto& e : array_of(j)) out.members.push_back({wire::blob_bytes(e)});
  if (out.members.empty()) wrong_members(fmt::format("{}Binary sets should not be empty", kInvalid));
  auto given = out.members;
  std::ranges::sort(out.members);
  if (!mistake && std::ranges::adjacent_find(out.members) != out.members.end()) {
    std::vector<std::string> sent, raw;
    for (const auto& b : given) {
      sent.push_back(base64_encode(b.bytes));
      raw.push_back(b.bytes);
    }
    std::string quoted;
    for (const auto& b : repeats_shown(raw))
      quoted += fmt::format("{}\"{}\"", quoted.empty() ? "" : ",", base64_encode(b));
    wrong_members(fmt::format("{}Input collection [{}]of type BS contains duplicates.", kInvalid,
                              fmt::join(sent, ", ")),
                  fmt::format("{}Input collection [{}]of type BS contains duplicates.", kInvalid, quoted));
  }
  return out;
}

Value Reader::held(std::string_view type, Json& j, int depth) {
  if (type == "S") return {text_of(j)};
  if (type == "N") return {number(text_of(j))};
  if (type == "B") return {Binary{wire::blob_bytes(j)}};
  if (type == "SS") return {strings(j)};
  if (type == "NS") return {numbers(j)};
  if (type == "BS") return {binaries(j)};
  if (type == "BOOL") return {wire::lenient_boolean(j)};
  if (type == "M") return {map(j, depth + 1)};
  if (type == "NULL") {
    if (!wire::lenient_boolean(j))
      wrong(fmt::format("{}Null attribute value types must have the value of true", kInvalid));
    return {Null{}};
  }
  List list;
  list.elements.reserve(array_of(j).size());
  for (auto& e : array_of(j)) list.elements.push_back(value(e, depth + 1));
  return {std::move(list)};
}

Value Reader::value(Json& j, int depth) {
  if (j.is_null()) {
    wrong(std::string(kNoType), false);
    return {Null{}};
  }
  if (!j.is_object()) throw wire::element_mismatch(j, wire::JavaName<GivenValue>::get());
  if (depth > kMaxDepth) {  // and no deeper: the recursion is bounded here
    wrong(std::string(kTooDeep));
    return {Null{}};
  }
  std::optional<Value> out;
  for (auto& [type, content] : j.get_ref<Json::object_t&>()) {
    if (content.is_null() || !type_of_letters(type)) continue;
    if (out)
      wrong(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
          "supported datatypes",
          false);
    out = held(type, content, depth);
  }
  if (!out) wrong(std::string(kNoType), false);
  return out ? std::move(*out) : Value{Null{}};
}
}  // namespace

std::string number_fault_text(storage::NumberFault fault, std::string_view given, bool older) {
  switch (fault) {
    case storage::NumberFault::malformed:
      if (given.empty())
        return older ? "The parameter cannot be converted to a numeric value"
                     : "The parameter cannot be converted to a numeric value: ";
      return fmt::format("The parameter cannot be converted to a numeric value: {}", given);
    case storage::NumberFault::precision:
      return "Attempting to store more than 38 significant digits in a Number";
    case storage::NumberFault::overflow:
      return "Number overflow. Attempting to store a number with magnitude larger than supported range";
    case storage::NumberFault::underflow:
      break;
  }
  return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
}

GivenItem decode(wire::Tag<GivenItem>, Json& j, std::string_view) {
  Reader reader;
  auto item = reader.map(j, 1);
  return {std::move(item), std::move(reader.mistake)};
}

GivenValues decode(wire::Tag<GivenValues>, Json& j, std::string_view) {
  if (!j.is_object()) throw wire::mismatch(j, wire::Want::map, wire::JavaName<GivenItem>::get());
  GivenValues out;
  for (auto& [name, content] : j.get_ref<Json::object_t&>()) {
    if (content.is_null()) continue;
    Reader reader;
    auto value = reader.value(content, 1);
    if (reader.mistake && !out.mistake) {
      out.mistake = std::move(reader.mistake);
      out.mistaken = name;
    }
    out.values.append(name, std::move(value));
  }
  return out;
}

GivenValue decode(wire::Tag<GivenValue>, Json& j, std::string_view at) {
  if (!at.empty() && !j.is_object())
    throw wire::mismatch(j, wire::Want::structure, wire::JavaName<GivenValue>::get());
  Reader reader;
  auto value = reader.value(j, 1);
  return {std::move(value), std::move(reader.mistake)};
}

namespace {
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
Json tagged(const char* type, Json content) {
  Json out(Json::value_t::object);
  out.get_ref<Json::object_t&>().emplace(type, std::move(content));
  return out;
}
template <class Members, class F>
Json array(const Members& members, F each) {
  Json out(Json::value_t::array);
  auto& elements = out.get_ref<Json::array_t&>();
  elements.reserve(members.size());
  for (const auto& m : members) elements.push_back(each(m));
  return out;
}
}  // namespace

Json encode_json(const Value& value) {
  return std::visit(
      Overloaded{
          [](const std::string& s) { return tagged("S", s); },
          [](const Number& n) { return tagged("N", n.text()); },
          [](const Binary& b) { return tagged("B", base64_encode(b.bytes)); },
          [](const StringSet& s) { return tagged("SS", array(s.members, [](auto& m) { return Json(m); })); },
          [](const NumberSet& s) {
            return tagged("NS", array(s.members, [](auto& m) { return Json(m.text()); }));
          },
          [](const BinarySet& s) {
            return tagged("BS", array(s.members, [](auto& m) { return Json(base64_encode(m.bytes)); }));
          },
          [](const Item& m) { return tagged("M", encode_json(m)); },
          [](const List& l) {
            return tagged("L", array(l.elements, [](auto& e) { return encode_json(e); }));
          },
          [](Null) { return tagged("NULL", true); }, [](bool b) { return tagged("BOOL", b); }},
      value.held);
}

Json encode_json(const Item& item) {
  Json out(Json::value_t::object);
  auto& members = out.get_ref<Json::object_t&>();
  for (const auto& [name, value] : item) members.emplace_hint(members.end(), name, encode_json(value));
  return out;
}

Json encode_json(const GivenItem& given) { return encode_json(given.item); }
}  // namespace emu::dynamodb
