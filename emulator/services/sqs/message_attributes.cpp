#include "emulator/services/sqs/message_attributes.hpp"

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "storage/number.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kMostAttributes = 10, kLongestName = 256;  // SendMessage, spec-sqs 5.1

bool reserved(std::string_view name) {
  const auto begins = [&](std::string_view with) { return same_text(name.substr(0, with.size()), with); };
  return begins("AWS.") || begins("Amazon.");
}

// AWS takes letters of any alphabet.
bool well_formed(std::string_view name) {
  const bool letters = std::ranges::all_of(name, [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 0x80 || std::isalnum(u) || c == '_' || c == '-' || c == '.';
  });
  return letters && !name.starts_with('.') && !name.ends_with('.') && name.find("..") == name.npos;
}

std::optional<AwsError> name_fault(std::string_view name) {
  if (name.empty())
    return invalid_value("The request must contain non-empty message (user) attribute names.");
  if (name.size() >= kLongestName)
    return invalid_value("Message (user) attribute name must be shorter than 256 bytes.");
  if (reserved(name))
    return invalid_value(
        "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved "
        "for internal use.");
  if (!well_formed(name))
    return invalid_value(fmt::format(
        "The message (user) attribute name '{}' is invalid. It can contain A-Z, a-z, 0-9, underscore "
        "(_), hyphen (-), and period (.) characters.",
        name));
  return std::nullopt;
}

// "Number" of "Number.int"
std::string_view prefix_of(std::string_view type) { return type.substr(0, type.find('.')); }

std::optional<AwsError> type_fault(std::string_view name, const std::optional<std::string>& type) {
  if (!type || type->empty())
    return invalid_value(fmt::format(
        "The message (user) attribute '{}' must contain a non-empty message attribute type.", name));
  if (type->size() >= kLongestName)
    return invalid_value("Message (user) attribute type must be shorter than 256 bytes.");
  const auto prefix = prefix_of(*type);
  if (prefix != "String" && prefix != "Number" && prefix != "Binary")
    return invalid_value(
        fmt::format("The type of message (user) attribute '{}' is invalid. You must use only the following "
                    "supported type prefixes: Binary, Number, String.",
                    name));
  return std::nullopt;
}

AwsError no_value(std::string_view name) {
  return invalid_value(fmt::format(
      "The message (user) attribute '{}' must contain a non-empty message attribute value.", name));
}

std::optional<AwsError> value_fault(const Attribute& a) {
  if (a.value.empty())
    return invalid_value(
        fmt::format("Message (user) attribute '{}' must contain a non-empty value of type '{}'.", a.name,
                    prefix_of(a.type)));
  if (prefix_of(a.type) == "Number" &&
      !std::holds_alternative<storage::Number>(storage::Number::parse(a.value)))
    return invalid_value(
        fmt::format("Can't cast the value of message (user) attribute '{}' to a number.", a.name));
  return std::nullopt;
}

bool listed(const MessageAttributeValue& v) {
  const auto filled = [](const std::optional<Json>& list) { return list && !list->empty(); };
  return filled(v.StringListValues) || filled(v.BinaryListValues);
}

Result<Attribute> judged(const std::string& name, MessageAttributeValue& given) {
  if (auto fault = name_fault(name)) return std::move(*fault);
  if (auto fault = type_fault(name, given.DataType)) return std::move(*fault);
  if (listed(given))
    return AwsError{"UnsupportedOperation",
                    "Message attribute list values in SendMessage operation are not supported."};
  Attribute out{name, std::move(*given.DataType)};
  out.binary = prefix_of(out.type) == "Binary";
  if (out.binary ? !given.BinaryValue : !given.StringValue) return no_value(name);
  out.value = out.binary ? std::move(given.BinaryValue->bytes) : std::move(*given.StringValue);
  if (auto fault = value_fault(out)) return std::move(*fault);
  return out;
}

void append_sized(std::string& out, std::string_view text) {
  const auto length = text.size();
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(length >> shift));
  out.append(text);
}
}  // namespace

Result<std::vector<Attribute>> user_attributes(MessageAttributes given) {
  if (given.size() > kMostAttributes)
    return invalid_value(
        fmt::format("Number of message attributes [{}] exceeds the allowed maximum [10].", given.size()));
  std::vector<Attribute> out;
  out.reserve(given.size());
  for (auto& [name, value] : given) {
    auto one = judged(name, value);
    if (!one) return std::move(one.error());
    out.push_back(std::move(*one));
  }
  return out;
}

Result<std::vector<Attribute>> system_attributes(MessageAttributes given) {
  std::vector<Attribute> out;
  for (auto& [name, value] : given) {
    if (name != "AWSTraceHeader")
      return invalid_value(fmt::format("Message system attribute name '{}' is invalid.", name));
    if (!value.DataType || prefix_of(*value.DataType) != "String")
      return invalid_value(fmt::format(
          "The type of message (system) attribute '{}' is invalid. You must use only the following "
          "supported type prefixes: String.",
          name));
    if (!value.StringValue || value.StringValue->empty())
      return invalid_value(fmt::format(
          "The message (system) attribute '{}' must contain a non-empty message attribute value.", name));
    out.push_back({name, std::move(*value.DataType), std::move(*value.StringValue)});
  }
  return out;
}

MessageAttributeValue shown(const Attribute& attribute) {
  MessageAttributeValue out;
  if (attribute.binary)
    out.BinaryValue = wire::Blob{attribute.value};
  else
    out.StringValue = attribute.value;
  out.DataType = attribute.type;
  return out;
}

std::size_t size_of(const std::vector<Attribute>& attributes) {
  std::size_t out = 0;
  for (const auto& a : attributes) out += a.name.size() + a.type.size() + a.value.size();
  return out;
}

std::size_t size_of(const MessageAttributes& given) {
  std::size_t out = 0;
  for (const auto& [name, v] : given) {
    out += name.size() + (v.DataType ? v.DataType->size() : 0) + (v.StringValue ? v.StringValue->size() : 0) +
           (v.BinaryValue ? v.BinaryValue->bytes.size() : 0);
  }
  return out;
}

std::optional<std::string> md5_of(const std::vector<Attribute>& attributes) {
  if (attributes.empty()) return std::nullopt;
  std::string bytes;
  for (const auto& a : attributes) {
    append_sized(bytes, a.name);
    append_sized(bytes, a.type);
    bytes.push_back(a.binary ? '\2' : '\1');
    append_sized(bytes, a.value);
  }
  return hex(md5(bytes));
}
}  // namespace emu::sqs
