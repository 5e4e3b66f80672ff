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

using wire::View;

// Calls each(element) for what the array holds.
template <class F>
void each_of(View array, F each) {
  if (!array.is_array()) throw wire::mismatch(array, wire::Want::list);
  for (View at = array.first(); at != array.end(); at = at.next()) each(at);
}

// Decodes values into their places, remembering the first mistake.
class Reader {
 public:
  std::optional<Mistake> mistake;

  void value(View j, int depth, Value& out);
  void map(View j, int depth, Item& out) {
    if (!j.is_object()) throw wire::mismatch(j, wire::Want::map, wire::JavaName<GivenItem>::get());
    const wire::Members members(j);
    out.reserve(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto [name, content] = members[i];
      if (content.is_null()) continue;
      if (name.empty()) wrong("Empty attribute name");
      if (name.size() > kMaxNameBytes) wrong(std::string(kNameTooLong));
      value(content, depth, out.append(name));
    }
  }

 private:
  void wrong(std::string text, bool request_level = true) {
    if (!mistake) mistake = Mistake{text, text, request_level};
  }
  void wrong_members(std::string older, std::string current) {
    if (!mistake) mistake = Mistake{std::move(older), std::move(current), true, true};
  }
  void wrong_members(std::string text) { wrong_members(text, text); }
  void held(Type type, View j, int depth, Value& out);
  Number number(std::string_view text);
  StringSet strings(View j);
  NumberSet numbers(View j);
  BinarySet binaries(View j);
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

Number Reader::number(std::string_view text) {
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

StringSet Reader::strings(View j) {
  StringSet out;
  each_of(j, [&](View e) { out.members.emplace_back(wire::text_of(e)); });
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

NumberSet Reader::numbers(View j) {
  NumberSet out;
  each_of(j, [&](View e) { out.members.push_back(number(wire::text_of(e))); });
  if (out.members.empty()) wrong_members(fmt::format("{}An number set  may not be empty", kInvalid));
  std::ranges::sort(out.members);
  if (std::ranges::adjacent_find(out.members) != out.members.end())
    wrong_members("Input collection contains duplicates",
                  fmt::format("{}Input collection contains duplicates.", kInvalid));
  return out;
}

BinarySet Reader::binaries(View j) {
  BinarySet out;
  each_of(j, [&](View e) { out.members.push_back({wire::blob_bytes(e)}); });
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

void Reader::held(Type type, View j, int depth, Value& out) {
  switch (type) {
    case Type::S:
      out.held.emplace<std::string>(wire::text_of(j));
      return;
    case Type::N:
      out.held = number(wire::text_of(j));
      return;
    case Type::B:
      out.held = Binary{wire::blob_bytes(j)};
      return;
    case Type::SS:
      out.held = strings(j);
      return;
    case Type::NS:
      out.held = numbers(j);
      return;
    case Type::BS:
      out.held = binaries(j);
      return;
    case Type::M:
      return map(j, depth + 1, out.held.emplace<Item>());
    case Type::Bool:
      out.held = wire::lenient_boolean(j);
      return;
    case Type::Null:
      if (!wire::lenient_boolean(j))
        wrong(fmt::format("{}Null attribute value types must have the value of true", kInvalid));
      out.held = Null{};
      return;
    case Type::L:
      break;
  }
  auto& elements = out.held.emplace<List>().elements;
  if (j.is_array()) elements.reserve(j.size());
  each_of(j, [&](View e) { value(e, depth + 1, elements.emplace_back()); });
}

void Reader::value(View j, int depth, Value& out) {
  out.held = Null{};
  if (j.is_null()) return wrong(std::string(kNoType), false);
  if (!j.is_object()) throw wire::element_mismatch(j, wire::JavaName<GivenValue>::get());
  if (depth > kMaxDepth) return wrong(std::string(kTooDeep));  // no deeper: the recursion is bounded here
  bool taken = false;
  const auto take = [&](std::string_view letters, View content) {
    const auto type = type_of_letters(letters);
    if (content.is_null() || !type) return;
    if (std::exchange(taken, true))
      wrong(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
          "supported datatypes",
          false);
    held(*type, content, depth, out);
  };
  if (j.size() == 1) {  // as nearly all are: nothing to put in order
    take(j.first().text(), j.first().next());
  } else {
    const wire::Members members(j);
    for (std::size_t i = 0; i < members.size(); ++i) take(members[i].name, members[i].value);
  }
  if (!taken) wrong(std::string(kNoType), false);
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

GivenItem decode(wire::Tag<GivenItem>, View j, std::string_view) {
  Reader reader;
  GivenItem out;
  reader.map(j, 1, out.item);
  out.mistake = std::move(reader.mistake);
  return out;
}

GivenValues decode(wire::Tag<GivenValues>, View j, std::string_view) {
  if (!j.is_object()) throw wire::mismatch(j, wire::Want::map, wire::JavaName<GivenItem>::get());
  GivenValues out;
  const wire::Members members(j);
  out.values.reserve(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [name, content] = members[i];
    if (content.is_null()) continue;
    Reader reader;
    reader.value(content, 1, out.values.append(name));
    if (reader.mistake && !out.mistake) {
      out.mistake = std::move(reader.mistake);
      out.mistaken = name;
    }
  }
  return out;
}

GivenValue decode(wire::Tag<GivenValue>, View j, std::string_view at) {
  if (!at.empty() && !j.is_object())
    throw wire::mismatch(j, wire::Want::structure, wire::JavaName<GivenValue>::get());
  Reader reader;
  GivenValue out;
  reader.value(j, 1, out.value);
  out.mistake = std::move(reader.mistake);
  return out;
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
