// The parameters of before expressions (D11), which old programs still send: judged by their own rules, then
// turned into the parse trees that expressions give, so that one evaluator serves both.
#pragma once
#include "emulator/services/dynamodb/request_expressions.hpp"

namespace emu::dynamodb {
struct LegacyCondition {
  std::optional<GivenValue> Value;
  std::optional<bool> Exists;
  std::optional<std::string> ComparisonOperator;
  std::optional<std::vector<GivenValue>> AttributeValueList;
};
BOOST_DESCRIBE_STRUCT(LegacyCondition, (), (Value, Exists, ComparisonOperator, AttributeValueList))
using LegacyConditions = std::map<std::string, LegacyCondition>;

struct LegacyUpdate {
  std::optional<std::string> Action;
  std::optional<GivenValue> Value;
};
BOOST_DESCRIBE_STRUCT(LegacyUpdate, (), (Action, Value))
using LegacyUpdates = std::map<std::string, LegacyUpdate>;
}  // namespace emu::dynamodb
namespace emu::wire {
template <>
inline constexpr std::string_view kModelName<dynamodb::LegacyCondition> = "Condition";
template <>
inline constexpr std::string_view kModelName<dynamodb::LegacyUpdate> = "AttributeValueUpdate";
}  // namespace emu::wire
namespace emu::dynamodb {

// Expected, QueryFilter, ScanFilter: `member` as constraints spell it. None when there is nothing to judge.
std::optional<BoundCondition> legacy_condition(const Voice& voice, std::string_view member,
                                               const std::optional<LegacyConditions>& given,
                                               const std::optional<std::string>& conditional_operator);
// KeyConditions: the same, refusing operators that no key allows.
std::optional<BoundCondition> legacy_key_condition(const Voice& voice,
                                                   const std::optional<LegacyConditions>& given);
std::optional<BoundUpdate> legacy_update(const Voice& voice, const std::optional<LegacyUpdates>& given);
std::optional<BoundPaths> legacy_projection(const std::optional<std::vector<std::string>>& attributes);
}  // namespace emu::dynamodb
