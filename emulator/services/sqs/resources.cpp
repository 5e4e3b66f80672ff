// AWS::SQS::Queue and the two resources that put a policy on queues, through what the operations use.
#include <algorithm>

#include "emulator/services/sqs/attributes/setting.hpp"
#include "emulator/services/sqs/creation.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"
#include "emulator/services/sqs/tags/rules.hpp"

namespace emu::sqs {
namespace {
Sqs& self(Service& service) { return static_cast<Sqs&>(service); }

// Templates write attributes as texts, numbers, truth values or, where the API takes JSON, as documents.
std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

AttributeMap attributes_of(const Json& properties) {
  AttributeMap out;
  for (const auto& rule : attribute_rules())
    if (const auto it = properties.find(rule.name); it != properties.end())
      out.emplace(std::string(rule.name), text_of(*it));
  return out;
}

std::map<std::string, std::string> tags_of(const Json& properties) {
  std::map<std::string, std::string> out;
  for (const auto& tag : properties.value("Tags", Json::array()))
    out[text_of(tag.value("Key", Json("")))] = text_of(tag.value("Value", Json("")));
  return out;
}

// 80 characters at most, and .fifo at the end of a FIFO queue's (spec-iac 4).
std::string generated_name(const std::string& suggested, bool fifo) {
  constexpr std::size_t kLongest = 80, kRandom = 13;  // of the suggestion: "-" and what makes it unique
  const std::string_view ending = fifo ? ".fifo" : "";
  std::string name = suggested;
  const auto room = kLongest - ending.size();
  if (name.size() > room) name.erase(room - kRandom, name.size() - room);
  return name.append(ending);
}

Resource resource_of(const Sqs& service, const Context& context, const Queue& queue) {
  const auto url = queue_url(service, context, queue);
  return {url, {{"Arn", queue.arn}, {"QueueName", queue.name}, {"QueueUrl", url}}};
}

awaitable<Result<Resource>> make(Service& service, Context& context, ResourceRequest request) {
  const auto& properties = request.properties;
  CreateQueueInput in;
  in.Attributes = attributes_of(properties);
  in.tags = tags_of(properties);
  const auto fifo = in.Attributes->find("FifoQueue");
  in.QueueName =
      properties.contains("QueueName")
          ? text_of(properties["QueueName"])
          : generated_name(request.suggested_name, fifo != in.Attributes->end() && fifo->second == "true");
  if (self(service).queues.find(context.scope, *in.QueueName))
    co_return AwsError{"AlreadyExists", fmt::format("{} already exists", *in.QueueName)};
  auto queue = create_queue(self(service), context.scope, std::move(in));
  if (!queue) co_return std::move(queue.error());
  co_return resource_of(self(service), context, **queue);
}

SharedQueue queue_of_resource(Sqs& service, const Resource& resource) {
  return service.queues.find(resource.attributes.value("Arn", ""));
}

awaitable<Result<Resource>> update(Service& service, Context& context, Resource old,
                                   ResourceRequest request) {
  const auto queue = queue_of_resource(self(service), old);
  if (!queue) co_return no_such_queue();
  const auto tags = tags_of(request.properties);
  check_tags(queue->name, tags);
  auto set = replace_attributes(self(service), *queue, attributes_of(request.properties));
  if (!set) co_return std::move(set.error());
  auto done = self(service).change(*queue, [&](QueueRecord& record) -> Result<Done> {
    record.Tags = tags;
    return Done{};
  });
  if (!done) co_return std::move(done.error());
  co_return resource_of(self(service), context, *queue);
}

awaitable<Result<Done>> drop(Service& service, Context&, Resource old) {
  const auto queue = queue_of_resource(self(service), old);
  if (!queue) co_return Done{};
  auto gone = delete_queue(self(service), *queue);
  if (!gone && gone.error().code != no_such_queue().code) co_return std::move(gone.error());
  co_return Done{};
}

using SharedQueues = std::vector<SharedQueue>;

// QueuePolicy says Queues, QueueInlinePolicy says Queue. All of them, or the error for one that is not there.
Result<SharedQueues> queues_of(Sqs& service, const Context& context, const Json& properties) {
  Json urls = properties.value("Queues", Json::array());
  if (properties.contains("Queue")) urls.push_back(properties["Queue"]);
  SharedQueues out;
  for (const auto& url : urls) {
    auto queue = queue_of(service, context, text_of(url));
    if (!queue) return std::move(queue.error());
    out.push_back(std::move(*queue));
  }
  return out;
}

Result<Done> put_policy(Sqs& service, const SharedQueues& queues, const Json& properties) {
  const auto policy = text_of(properties.value("PolicyDocument", Json::object()));
  for (const auto& queue : queues)
    if (auto set = set_attributes(service, *queue, {{"Policy", policy}}); !set) return set;
  return Done{};
}

// The attributes remember the queues, so that the policy can be taken off them again.
Resource policy_of(std::string id, const SharedQueues& queues) {
  Json arns = Json::array();
  for (const auto& queue : queues) arns.push_back(queue->arn);
  return {id, {{"Id", id}, {"Queues", std::move(arns)}}};
}

// Off those that are not among `keep`. A queue deleted before took its policy along.
Result<Done> take_policy(Sqs& service, const Resource& policy, const SharedQueues& keep) {
  for (const auto& arn : policy.attributes.value("Queues", Json::array())) {
    const auto queue = service.queues.find(arn.get_ref<const std::string&>());
    if (!queue || std::ranges::find(keep, queue) != keep.end()) continue;
    auto done = set_attributes(service, *queue, {{"Policy", ""}});
    if (!done && done.error().code != no_such_queue().code) return done;
  }
  return Done{};
}

awaitable<Result<Resource>> make_policy(Service& service, Context& context, ResourceRequest request) {
  const auto& properties = request.properties;
  const auto queues = queues_of(self(service), context, properties);
  if (!queues) co_return queues.error();
  auto done = put_policy(self(service), *queues, properties);
  if (!done) co_return std::move(done.error());
  co_return policy_of(properties.contains("Queue") ? text_of(properties["Queue"]) : request.suggested_name,
                      *queues);
}

awaitable<Result<Resource>> update_policy(Service& service, Context& context, Resource old,
                                          ResourceRequest request) {
  const auto queues = queues_of(self(service), context, request.properties);
  if (!queues) co_return queues.error();
  auto done = put_policy(self(service), *queues, request.properties);
  if (done) done = take_policy(self(service), old, *queues);
  if (!done) co_return std::move(done.error());
  co_return policy_of(old.physical_id, *queues);
}

awaitable<Result<Done>> drop_policy(Service& service, Context&, Resource old) {
  co_return take_policy(self(service), old, {});
}

constexpr std::string_view kQueue[] = {"ContentBasedDeduplication",
                                       "DeduplicationScope",
                                       "DelaySeconds",
                                       "FifoQueue",
                                       "FifoThroughputLimit",
                                       "KmsDataKeyReusePeriodSeconds",
                                       "KmsMasterKeyId",
                                       "MaximumMessageSize",
                                       "MessageRetentionPeriod",
                                       "QueueName",
                                       "ReceiveMessageWaitTimeSeconds",
                                       "RedriveAllowPolicy",
                                       "RedrivePolicy",
                                       "SqsManagedSseEnabled",
                                       "Tags",
                                       "VisibilityTimeout"};
constexpr std::string_view kQueueFixed[] = {"FifoQueue", "QueueName"};
constexpr std::string_view kPolicy[] = {"PolicyDocument", "Queues"};
constexpr std::string_view kInlinePolicy[] = {"PolicyDocument", "Queue"};
constexpr std::string_view kInlineFixed[] = {"Queue"};
constexpr ResourceType kTypes[] = {
    {"AWS::SQS::Queue", kQueue, {}, kQueueFixed, make, update, drop},
    {"AWS::SQS::QueuePolicy", kPolicy, {}, {}, make_policy, update_policy, drop_policy},
    {"AWS::SQS::QueueInlinePolicy", kInlinePolicy, {}, kInlineFixed, make_policy, update_policy, drop_policy},
};
}  // namespace

std::span<const ResourceType> queue_resources() { return kTypes; }
}  // namespace emu::sqs
