// The attributes of queues: which there are, what they may be, what they are when nobody set them (spec-sqs
// 4). Everything here is about texts; what names other queues is judged in redrive_rules.hpp.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu::sqs {
using AttributeMap = std::map<std::string, std::string>;

struct AttributeRule {
  enum class Kind { number, truth, choice, text, policy, redrive, redrive_allow };
  std::string_view name;
  Kind kind;
  std::string_view preset = {};  // empty: absent unless it was set
  bool fifo_only = false;
  std::int64_t least = 0, most = 0;                // numbers
  std::span<const std::string_view> choices = {};  // choices
  bool json() const { return kind >= Kind::policy; }
};
std::span<const AttributeRule> attribute_rules();
const AttributeRule* attribute_rule(
    std::string_view name);  // null: no such attribute, or one that only shows

// The attributes as they are kept: numbers without ornament, truth values in lower case. Empty texts stand
// for "take away". Throws what SQS answers to those that a queue of this kind cannot have.
AttributeMap checked(AttributeMap given, bool fifo);
AwsError unknown_attribute(std::string_view name);

// Brings what is set to what was given. Throws what only the whole shows to be wrong: both kinds of
// encryption, a throughput limit without its scope of deduplication.
void merge(AttributeMap& set, const AttributeMap& given);
// What holds, set or not.
AttributeMap effective(const AttributeMap& set, bool fifo);
}  // namespace emu::sqs
