#include "emulator/services/logs/groups.hpp"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>

#include <algorithm>

#include "emulator/api/violations.hpp"
#include "emulator/base/log.hpp"
#include "emulator/base/text.hpp"
namespace emu::logs {
namespace {
constexpr std::string_view kNamePattern = "[\\.\\-_/#A-Za-z0-9]+";
constexpr int kRetentions[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                               365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

struct DescribeLogGroupsInput {
  std::optional<Json> accountIdentifiers, includeLinkedAccounts;
  std::optional<std::vector<std::string>> logGroupIdentifiers;  // names or ARNs
  std::optional<std::string> logGroupNamePrefix, logGroupNamePattern, nextToken, logGroupClass;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(DescribeLogGroupsInput, (),
                      (accountIdentifiers, includeLinkedAccounts, logGroupIdentifiers, logGroupNamePrefix,
                       logGroupNamePattern, nextToken, logGroupClass, limit))
struct DescribeLogGroupsOutput {
  std::vector<LogGroup> logGroups;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(DescribeLogGroupsOutput, (), (logGroups, nextToken))

struct ResourceArnInput {
  std::string resourceArn;
};
BOOST_DESCRIBE_STRUCT(ResourceArnInput, (), (resourceArn))
struct TagResourceInput {
  std::string resourceArn;
  std::map<std::string, std::string> tags;
};
BOOST_DESCRIBE_STRUCT(TagResourceInput, (), (resourceArn, tags))
struct UntagResourceInput {
  std::string resourceArn;
  std::vector<std::string> tagKeys;
};
BOOST_DESCRIBE_STRUCT(UntagResourceInput, (), (resourceArn, tagKeys))
struct TagsOutput {
  std::map<std::string, std::string> tags;
};
BOOST_DESCRIBE_STRUCT(TagsOutput, (), (tags))

void check_name(const std::string& name) {
  if (name.empty())
    throw violated(name, "logGroupName", "Member must have length greater than or equal to 1");
  if (name.size() > 512)
    throw violated(name, "logGroupName", "Member must have length less than or equal to 512");
  const bool plain = std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) || std::string_view(".-_/#").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!plain)
    throw violated(name, "logGroupName",
                   fmt::format("Member must satisfy regular expression pattern: {}", kNamePattern));
}

// Changes a group that exists and keeps the change.
template <class F>
Result<Empty> change(Logs& logs, Context& context, const std::string& name, F edit) {
  return logs.with(context.scope, [&](auto& groups) -> Result<Empty> {
    const auto it = groups.find(name);
    if (it == groups.end()) return no_such_group();
    edit(it->second);
    logs.save(context.scope, it->second);
    return Empty{};
  });
}

// "arn:aws:logs:R:ACCT:log-group:NAME", with or without ":*".
std::string name_of(const std::string& arn) {
  static constexpr std::string_view kPart = ":log-group:";
  const auto at = arn.find(kPart);
  if (at == std::string::npos) throw invalid("Invalid resource arn");
  auto name = arn.substr(at + kPart.size());
  if (name.ends_with(":*")) name.resize(name.size() - 2);
  return name;
}

Result<DescribeLogGroupsOutput> describe_log_groups(Logs& logs, Context& context, DescribeLogGroupsInput in) {
  if (in.logGroupNamePrefix && in.logGroupNamePattern)
    return invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  const int limit = in.limit.value_or(50);
  if (limit < 1)
    return violated(std::to_string(limit), "limit", "Member must have value greater than or equal to 1");
  if (limit > 50)
    return violated(std::to_string(limit), "limit", "Member must have value less than or equal to 50");
  return logs.with(context.scope, [&](const auto& groups) -> Result<DescribeLogGroupsOutput> {
    DescribeLogGroupsOutput out;
    // A token is the name of the last group of the page before.
    for (auto it = in.nextToken ? groups.upper_bound(*in.nextToken) : groups.begin(); it != groups.end();
         ++it) {
      const auto& [name, kept] = *it;
      if (in.logGroupNamePrefix && !name.starts_with(*in.logGroupNamePrefix)) continue;
      if (in.logGroupNamePattern && !lower(name).contains(lower(*in.logGroupNamePattern))) continue;
      if (in.logGroupIdentifiers && std::ranges::none_of(*in.logGroupIdentifiers, [&](const auto& wanted) {
            return wanted == name || wanted == kept.group.logGroupArn || wanted == kept.group.arn;
          }))
        continue;
      if (in.logGroupClass && kept.group.logGroupClass != *in.logGroupClass) continue;
      if (out.logGroups.size() == static_cast<std::size_t>(limit)) {
        out.nextToken = out.logGroups.back().logGroupName;
        break;
      }
      out.logGroups.push_back(kept.group);
    }
    return out;
  });
}

Result<TagsOutput> list_tags(Logs& logs, Context& context, ResourceArnInput in) {
  return logs.with(context.scope, [&](const auto& groups) -> Result<TagsOutput> {
    const auto it = groups.find(name_of(in.resourceArn));
    if (it == groups.end()) return no_such_group();
    return TagsOutput{it->second.tags};
  });
}

Result<Empty> tag_resource(Logs& logs, Context& context, TagResourceInput in) {
  return change(logs, context, name_of(in.resourceArn), [&](Logs::Kept& kept) {
    for (auto& [key, value] : in.tags) kept.tags[key] = value;
  });
}

Result<Empty> untag_resource(Logs& logs, Context& context, UntagResourceInput in) {
  return change(logs, context, name_of(in.resourceArn), [&](Logs::Kept& kept) {
    for (const auto& key : in.tagKeys) kept.tags.erase(key);
  });
}

constexpr std::string_view kCreateIgnored[] = {"deletionProtectionEnabled", "kmsKeyId"};
constexpr std::string_view kDescribeIgnored[] = {"accountIdentifiers", "includeLinkedAccounts"};
constexpr Operation kRows[] = {
    op<create_log_group>("CreateLogGroup").ignoring(kCreateIgnored),
    op<describe_log_groups>("DescribeLogGroups").ignoring(kDescribeIgnored),
    op<delete_log_group>("DeleteLogGroup"),
    op<put_retention_policy>("PutRetentionPolicy"),
    op<delete_retention_policy>("DeleteRetentionPolicy"),
    op<list_tags>("ListTagsForResource"),
    op<tag_resource>("TagResource"),
    op<untag_resource>("UntagResource"),
};
}  // namespace

std::span<const Operation> Logs::operations() const {
  static const auto rows = joined({kRows, stream_operations(), event_operations()});
  return rows;
}
std::span<const ResourceType> Logs::resource_types() const { return resource_rows(); }

void Logs::load() {
  groups_.with([&](Groups& all) {
    records_.each(
        [&](const Scope& scope, const std::string& name, Kept kept) { all[scope][name] = std::move(kept); });
  });
  streams.load();
}

void Logs::drop_expired() {
  std::vector<std::pair<Group, int>> limited;
  groups_.with([&](const Groups& all) {
    for (const auto& [scope, groups] : all)
      for (const auto& [name, kept] : groups)
        if (kept.group.retentionInDays) limited.push_back({{scope, name}, *kept.group.retentionInDays});
  });
  for (const auto& [group, kept_days] : limited)
    streams.forget_before(group, epoch_ms(clock.now() - std::chrono::days(kept_days)));
}

awaitable<void> Logs::run() {
  static constexpr Duration kGathers = std::chrono::milliseconds(200);
  static constexpr Duration kSweeps = std::chrono::hours(1);
  const auto executor = co_await asio::this_coro::executor;
  for (auto swept = clock.now();;) {
    const auto gathered = std::make_shared<Wakeup>(executor);
    streams.when_gathered(gathered);
    if (co_await clock.wait(gathered, swept + kSweeps)) co_await clock.sleep(kGathers);
    try {
      streams.write_gathered();
      if (clock.now() - swept >= kSweeps) {
        swept = clock.now();
        drop_expired();
      }
    } catch (const std::exception& e) {  // a full disk, say, must not end it
      log_fault("keeping log events", e.what());
    }
  }
}

AwsError invalid(std::string message) { return {"InvalidParameterException", std::move(message)}; }
AwsError violated(std::string_view value, std::string_view member, std::string_view constraint) {
  return invalid(emu::violated(value, member, constraint).message);  // the text alone is every service's
}
AwsError no_such_group() { return AwsError::not_found("The specified log group does not exist."); }

Result<Empty> create_log_group(Logs& logs, Context& context, CreateLogGroupInput in) {
  check_name(in.logGroupName);
  const auto group_class = in.logGroupClass.value_or("STANDARD");
  if (group_class != "STANDARD" && group_class != "INFREQUENT_ACCESS" && group_class != "DELIVERY")
    return violated(group_class, "logGroupClass",
                    "Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]");
  return logs.with(context.scope, [&](auto& groups) -> Result<Empty> {
    if (groups.contains(in.logGroupName))
      return AwsError{"ResourceAlreadyExistsException", "The specified log group already exists"};
    Logs::Kept kept;
    kept.group.logGroupName = in.logGroupName;
    kept.group.creationTime = epoch_ms(logs.clock.now());
    kept.group.logGroupArn = fmt::format("arn:aws:logs:{}:{}:log-group:{}", context.scope.region,
                                         context.scope.account, in.logGroupName);
    kept.group.arn = kept.group.logGroupArn + ":*";
    kept.group.kmsKeyId = in.kmsKeyId;
    kept.group.logGroupClass = group_class;
    if (in.tags) kept.tags = std::move(*in.tags);
    logs.save(context.scope, kept);
    groups.emplace(in.logGroupName, std::move(kept));
    return Empty{};
  });
}

Result<Empty> put_retention_policy(Logs& logs, Context& context, PutRetentionPolicyInput in) {
  if (std::ranges::find(kRetentions, in.retentionInDays) == std::end(kRetentions))
    return violated(std::to_string(in.retentionInDays), "retentionInDays",
                    fmt::format("Member must satisfy enum value set: [{}]", fmt::join(kRetentions, ", ")));
  return change(logs, context, in.logGroupName,
                [&](Logs::Kept& kept) { kept.group.retentionInDays = in.retentionInDays; });
}

Result<Empty> delete_retention_policy(Logs& logs, Context& context, LogGroupInput in) {
  return change(logs, context, in.logGroupName, [](Logs::Kept& kept) { kept.group.retentionInDays.reset(); });
}

Result<Empty> delete_log_group(Logs& logs, Context& context, LogGroupInput in) {
  return logs.with(context.scope, [&](auto& groups) -> Result<Empty> {
    if (groups.erase(in.logGroupName) == 0) return no_such_group();
    logs.forget(context.scope, in.logGroupName);
    logs.streams.remove_all({context.scope, in.logGroupName});
    return Empty{};
  });
}
}  // namespace emu::logs
