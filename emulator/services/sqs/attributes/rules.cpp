#include "emulator/services/sqs/attributes/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/text.hpp"
#include "emulator/services/sqs/attributes/redrive_rules.hpp"
#include "emulator/services/sqs/permissions/policy.hpp"

namespace emu::sqs {
namespace {
using Kind = AttributeRule::Kind;
constexpr std::string_view kScopes[] = {"queue", "messageGroup"};
constexpr std::string_view kLimits[] = {"perQueue", "perMessageGroupId"};
constexpr AttributeRule kRules[] = {
    {"DelaySeconds", Kind::number, "0", false, 0, 900},
    {"MaximumMessageSize", Kind::number, "1048576", false, 1024, 1 << 20},
    {"MessageRetentionPeriod", Kind::number, "345600", false, 60, 1209600},
    {"ReceiveMessageWaitTimeSeconds", Kind::number, "0", false, 0, 20},
    {"VisibilityTimeout", Kind::number, "30", false, 0, 43200},
    {"Policy", Kind::policy},
    {"RedrivePolicy", Kind::redrive},
    {"RedriveAllowPolicy", Kind::redrive_allow},
    {"SqsManagedSseEnabled", Kind::truth, "true"},
    {"KmsMasterKeyId", Kind::text},
    {"KmsDataKeyReusePeriodSeconds", Kind::number, {}, false, 60, 86400},
    {"FifoQueue", Kind::truth, {}, true},
    {"ContentBasedDeduplication", Kind::truth, "false", true},
    {"DeduplicationScope", Kind::choice, "queue", true, 0, 0, kScopes},
    {"FifoThroughputLimit", Kind::choice, "perQueue", true, 0, 0, kLimits},
};
constexpr std::string_view kKey = "KmsMasterKeyId", kManaged = "SqsManagedSseEnabled",
                           kReuse = "KmsDataKeyReusePeriodSeconds", kDefaultReuse = "300";

AwsError invalid(std::string_view name, std::string_view reason = {}) {
  return {"InvalidAttributeValue", fmt::format("Invalid value for the parameter {}.{}{}", name,
                                               reason.empty() ? "" : " Reason: ", reason)};
}

std::string checked_number(const AttributeRule& rule, std::string_view text) {
  const auto number = number_in<std::int64_t>(text);
  if (!number || *number < rule.least || *number > rule.most) throw invalid(rule.name);
  return std::to_string(*number);
}

std::string checked_truth(const AttributeRule& rule, std::string_view text) {
  auto value = lower(text);
  if (value != "true" && value != "false") throw invalid(rule.name);
  return value;
}

std::string checked_value(const AttributeRule& rule, std::string text) {
  switch (rule.kind) {
    case Kind::number:
      return checked_number(rule, text);
    case Kind::truth:
      return checked_truth(rule, text);
    case Kind::choice:
      if (std::ranges::find(rule.choices, text) == rule.choices.end()) throw invalid(rule.name);
      return text;
    case Kind::text:
      return text;
    case Kind::policy:
      if (!text.empty()) check_policy(text);
      return text;
    case Kind::redrive:
      if (!text.empty()) check_redrive(text);
      return text;
    case Kind::redrive_allow:
      if (!text.empty()) check_redrive_allow(text);
      return text;
  }
  return text;
}

std::string_view in(const AttributeMap& attributes, std::string_view name) {
  const auto it = attributes.find(std::string(name));
  return it == attributes.end() ? std::string_view{} : it->second;
}

// Spelled so in spec-sqs 4: the two attributes that make a queue FIFO are unknown to others.
AwsError only_fifo(std::string_view name) {
  if (name == "FifoQueue" || name == "ContentBasedDeduplication") return unknown_attribute(name);
  return {"InvalidAttributeName",
          fmt::format("You can specify the {} only when FifoQueue is set to true.", name)};
}
}  // namespace

std::span<const AttributeRule> attribute_rules() { return kRules; }

const AttributeRule* attribute_rule(std::string_view name) {
  const auto it = std::ranges::find(kRules, name, &AttributeRule::name);
  return it == std::end(kRules) ? nullptr : &*it;
}

AwsError unknown_attribute(std::string_view name) {
  return {"InvalidAttributeName", fmt::format("Unknown Attribute {}.", name)};
}

AttributeMap checked(AttributeMap given, bool fifo) {
  for (auto& [name, value] : given) {
    const auto* rule = attribute_rule(name);
    if (!rule) throw unknown_attribute(name);
    if (rule->fifo_only && !fifo) throw only_fifo(name);
    value = checked_value(*rule, std::move(value));
    if (name == "FifoQueue" && value == "false")
      throw invalid(name, "Modifying queue type is not supported.");
  }
  return given;
}

void merge(AttributeMap& set, const AttributeMap& given) {
  if (!in(given, kKey).empty() && !given.contains(std::string(kManaged)))
    set[std::string(kManaged)] = "false";  // and resetting the key does not switch it back
  for (const auto& [name, value] : given) {
    if (value.empty())
      set.erase(name);
    else
      set[name] = value;
  }
  if (!in(set, kKey).empty() && in(set, kManaged) == "true")
    throw AwsError{"InvalidAttributeName",
                   "You can use one type of server-side encryption (SSE) at one time. You can either enable "
                   "KMS SSE or SQS SSE."};
  if (in(set, "FifoThroughputLimit") == "perMessageGroupId" &&
      in(set, "DeduplicationScope") != "messageGroup")
    throw invalid("FifoThroughputLimit");
}

AttributeMap effective(const AttributeMap& set, bool fifo) {
  AttributeMap out = set;
  for (const auto& rule : kRules)
    if (!rule.preset.empty() && (fifo || !rule.fifo_only))
      out.emplace(std::string(rule.name), std::string(rule.preset));
  if (in(set, kKey).empty())
    out.erase(std::string(kReuse));
  else
    out.emplace(std::string(kReuse), std::string(kDefaultReuse));
  return out;
}
}  // namespace emu::sqs
