// Describe/Update/ListContributorInsights (C1): on or off per table and index, with the rules AWS would make.
#include <algorithm>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxListed = 100;  // MaxResults
constexpr std::string_view kActions[] = {"ENABLE", "DISABLE"};
constexpr std::string_view kModes[] = {"ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"};

struct DescribeInput {
  std::optional<std::string> TableName, IndexName;
};
BOOST_DESCRIBE_STRUCT(DescribeInput, (), (TableName, IndexName))
struct UpdateInput {
  std::optional<std::string> TableName, IndexName, ContributorInsightsAction, ContributorInsightsMode;
};
BOOST_DESCRIBE_STRUCT(UpdateInput, (),
                      (TableName, IndexName, ContributorInsightsAction, ContributorInsightsMode))
struct ListInput {
  std::optional<std::string> TableName, NextToken;
  std::optional<int> MaxResults;
};
BOOST_DESCRIBE_STRUCT(ListInput, (), (TableName, NextToken, MaxResults))
struct Insights {
  std::string TableName;
  std::optional<std::string> IndexName;
  std::optional<std::vector<std::string>> ContributorInsightsRuleList;
  std::string ContributorInsightsStatus;
  std::optional<double> LastUpdateDateTime;
  std::optional<std::string> ContributorInsightsMode;
};
BOOST_DESCRIBE_STRUCT(Insights, (),
                      (TableName, IndexName, ContributorInsightsRuleList, ContributorInsightsStatus,
                       LastUpdateDateTime, ContributorInsightsMode))
struct ListOutput {
  std::vector<Insights> ContributorInsightsSummaries;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListOutput, (), (ContributorInsightsSummaries, NextToken))

Result<Table> table_of(DynamoDb& service, Context& context, const std::optional<std::string>& name,
                       const std::optional<std::string>& index) {
  check_required_name(name);
  auto table = service.table(context.scope, *name);
  if (table && index && !table->schema->index(*index))
    return AwsError::not_found(fmt::format("Requested resource not found: Index: {} not found", *index));
  return table;
}

std::vector<std::string> rules(const Schema& schema, const Index* index, const InsightsRecord& insights) {
  const auto& key = index ? index->key : schema.key;
  std::vector<std::string> kinds = {"PKT"};  // partition keys, throttled
  if (!key.range.empty()) kinds.emplace_back("SKT");
  if (insights.Mode == kModes[0]) {  // and accessed
    kinds.emplace_back("PKC");
    if (!key.range.empty()) kinds.emplace_back("SKC");
  }
  for (auto& kind : kinds)
    kind = fmt::format("DynamoDBContributorInsights-{}-{}{}-{}", kind, schema.name,
                       index ? "-" + index->name : "", static_cast<std::int64_t>(insights.Since * 1000));
  return kinds;
}

Result<Insights> describe_insights(DynamoDb& service, Context& context, DescribeInput in) {
  const auto table = table_of(service, context, in.TableName, in.IndexName);
  if (!table) return table.error();
  const Schema& schema = *table->schema;
  Insights out{schema.name, in.IndexName, std::nullopt, "DISABLED", std::nullopt, std::nullopt};
  const auto& all = schema.record.ContributorInsights;
  if (!all) return out;
  const auto it = all->find(in.IndexName.value_or(""));
  if (it == all->end()) return out;
  out.ContributorInsightsStatus = "ENABLED";
  out.ContributorInsightsRuleList =
      rules(schema, in.IndexName ? schema.index(*in.IndexName) : nullptr, it->second);
  out.LastUpdateDateTime = it->second.Since;
  out.ContributorInsightsMode = it->second.Mode;
  return out;
}

Result<Insights> update_insights(DynamoDb& service, Context& context, UpdateInput in) {
  Constraints constraints;
  constraints.table_name(in.TableName, Layer::older);
  constraints.present(in.ContributorInsightsAction.has_value(), "contributorInsightsAction");
  constraints.enumerated(in.ContributorInsightsAction, "contributorInsightsAction", kActions);
  constraints.enumerated(in.ContributorInsightsMode, "contributorInsightsMode", kModes);
  constraints.finish();
  const auto table = table_of(service, context, in.TableName, in.IndexName);
  if (!table) return table.error();
  const bool on = in.ContributorInsightsAction == "ENABLE";
  Insights out{table->schema->name,           in.IndexName, std::nullopt,
               on ? "ENABLING" : "DISABLING", std::nullopt, in.ContributorInsightsMode};
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    auto& all =
        record.ContributorInsights ? *record.ContributorInsights : record.ContributorInsights.emplace();
    const auto index = in.IndexName.value_or("");
    if (!on) {
      all.erase(index);
      return Done{};
    }
    const auto mode = in.ContributorInsightsMode.value_or(std::string(kModes[0]));
    const auto it = all.find(index);
    if (it == all.end() || it->second.Mode != mode) all[index] = {mode, epoch_seconds(service.clock.now())};
    return Done{};
  });
  if (!edited) return edited.error();
  return out;
}

// Of one table or of all, those that are on, by table and index. A token is the last place: "table/index".
Result<ListOutput> list_insights(DynamoDb& service, Context& context, ListInput in) {
  Constraints constraints;
  constraints.at_least(in.MaxResults, "maxResults", 1);
  constraints.at_most(in.MaxResults, "maxResults", kMaxListed);
  constraints.finish();
  auto names = service.tables.names(context.scope);
  if (in.TableName) {
    const auto table = table_of(service, context, in.TableName, std::nullopt);
    if (!table) return table.error();
    names = {table->schema->name};
  }
  ListOutput out;
  const auto limit = static_cast<std::size_t>(in.MaxResults.value_or(kMaxListed));
  const auto token = in.NextToken.value_or("/");
  const auto slash = std::min(token.find('/'), token.size());
  const std::pair after(token.substr(0, slash), slash < token.size() ? token.substr(slash + 1) : "");
  std::string last;
  for (const auto& name : names) {
    const auto table = service.tables.find(context.scope, name);
    if (!table || !table->schema->record.ContributorInsights) continue;
    for (const auto& [index, insights] : *table->schema->record.ContributorInsights) {
      const bool seen = in.NextToken && std::pair(name, index) <= after;
      if (seen || (!index.empty() && !table->schema->index(index))) continue;
      if (out.ContributorInsightsSummaries.size() == limit) {
        out.NextToken = last;
        return out;
      }
      last = fmt::format("{}/{}", name, index);
      out.ContributorInsightsSummaries.push_back({name, index.empty() ? std::nullopt : std::optional(index),
                                                  std::nullopt, "ENABLED", std::nullopt, insights.Mode});
    }
  }
  return out;
}

constexpr Operation kInsights[] = {
    op<describe_insights>("DescribeContributorInsights"),
    op<update_insights>("UpdateContributorInsights"),
    op<list_insights>("ListContributorInsights"),
};
}  // namespace

std::span<const Operation> insights_operations() { return kInsights; }
}  // namespace emu::dynamodb
