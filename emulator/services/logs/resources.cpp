// AWS::Logs::LogGroup, through the operations.
#include "emulator/services/logs/groups.hpp"

namespace emu::logs {
namespace {
Logs& self(Service& service) { return static_cast<Logs&>(service); }

Resource resource_of(const Context& context, const std::string& name) {
  return {name,
          {{"Arn", "arn:aws:logs:" + context.scope.region + ":" + context.scope.account +
                       ":log-group:" + name + ":*"}}};
}

// CloudFormation's list of tags as the operations' map.
std::map<std::string, std::string> tags_of(const Json& properties) {
  std::map<std::string, std::string> out;
  for (const auto& tag : properties.value("Tags", Json::array()))
    out[tag.value("Key", "")] = tag.value("Value", "");
  return out;
}

// Templates write numbers as numbers or as text.
Result<Empty> set_retention(Logs& logs, Context& context, const std::string& name, Json properties) {
  if (!properties.contains("RetentionInDays")) return delete_retention_policy(logs, context, {name});
  Json input{{"logGroupName", name}, {"retentionInDays", std::move(properties["RetentionInDays"])}};
  wire::coerce<PutRetentionPolicyInput>(input, "retentionInDays");
  return put_retention_policy(logs, context, wire::decode(wire::Tag<PutRetentionPolicyInput>{}, input, ""));
}

awaitable<Result<Resource>> make(Service& service, Context& context, ResourceRequest request) {
  const auto& properties = request.properties;
  const auto name = properties.value("LogGroupName", request.suggested_name);
  CreateLogGroupInput in{name, std::nullopt, std::nullopt, tags_of(properties)};
  if (properties.contains("LogGroupClass")) in.logGroupClass = properties["LogGroupClass"].get<std::string>();
  auto made = create_log_group(self(service), context, std::move(in));
  if (!made) co_return std::move(made.error());
  auto kept = set_retention(self(service), context, name, properties);
  if (!kept) {
    // A refused resource leaves nothing behind.
    if (auto gone = delete_log_group(self(service), context, {name}); !gone)
      co_return std::move(gone.error());
    co_return std::move(kept.error());
  }
  co_return resource_of(context, name);
}

awaitable<Result<Resource>> update(Service& service, Context& context, Resource old,
                                   ResourceRequest request) {
  const auto tags = tags_of(request.properties);
  auto kept = set_retention(self(service), context, old.physical_id, request.properties);
  if (!kept) co_return std::move(kept.error());
  self(service).with(context.scope, [&](auto& groups) {
    if (const auto it = groups.find(old.physical_id); it != groups.end()) {
      it->second.tags = tags;
      self(service).save(context.scope, it->second);
    }
  });
  co_return old;
}

awaitable<Result<Done>> drop(Service& service, Context& context, Resource old) {
  auto gone = delete_log_group(self(service), context, {old.physical_id});
  if (!gone) co_return std::move(gone.error());
  co_return Done{};
}

constexpr std::string_view kActed[] = {"LogGroupClass", "LogGroupName", "RetentionInDays", "Tags"};
constexpr std::string_view kIgnored[] = {"DataProtectionPolicy", "FieldIndexPolicies", "KmsKeyId"};
constexpr std::string_view kFixed[] = {"LogGroupName", "LogGroupClass"};
constexpr ResourceType kTypes[] = {{"AWS::Logs::LogGroup", kActed, kIgnored, kFixed, make, update, drop}};
}  // namespace

std::span<const ResourceType> resource_rows() { return kTypes; }
}  // namespace emu::logs
