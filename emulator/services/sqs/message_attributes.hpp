// Message attributes as a request gives them and a reply shows them: their rules, their size, their MD5
// (spec-sqs 5.1, 5.2).
#pragma once
#include "emulator/base/error.hpp"
#include "emulator/services/sqs/message.hpp"
#include "emulator/wire/json.hpp"

namespace emu::sqs {
struct MessageAttributeValue {
  std::optional<std::string> StringValue;
  std::optional<wire::Blob> BinaryValue;
  std::optional<Json> StringListValues, BinaryListValues;  // refused, as AWS refuses them
  std::optional<std::string> DataType;
};
BOOST_DESCRIBE_STRUCT(MessageAttributeValue, (),
                      (StringValue, BinaryValue, StringListValues, BinaryListValues, DataType))
using MessageAttributes = std::map<std::string, MessageAttributeValue>;

// The attributes as they are stored, ascending by name.
Result<std::vector<Attribute>> user_attributes(MessageAttributes given);
// The one system attribute there is, AWSTraceHeader; empty if it is not given.
Result<std::vector<Attribute>> system_attributes(MessageAttributes given);
MessageAttributeValue shown(const Attribute& attribute);

// What counts for the size of a message: names, types and values.
std::size_t size_of(const std::vector<Attribute>& attributes);
std::size_t size_of(const MessageAttributes& given);  // before they are judged
// In hexadecimal, of attributes ascending by name; none for none.
std::optional<std::string> md5_of(const std::vector<Attribute>& attributes);
}  // namespace emu::sqs
