#include "emulator/services/sqs/creation.hpp"

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/sqs/attributes/redrive_rules.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_names.hpp"
#include "emulator/services/sqs/tags/rules.hpp"

namespace emu::sqs {
namespace {
constexpr Duration kNameIsTaken = std::chrono::seconds(60);

bool wants_fifo(const AttributeMap& attributes) {
  const auto it = attributes.find("FifoQueue");
  return it != attributes.end() && lower(it->second) == "true";
}

bool same(const AttributeRule& rule, const std::string& a, const std::string& b) {
  if (a == b) return true;
  return rule.json() && !a.empty() && !b.empty() && bounded_parse(a) == bounded_parse(b);
}

// Only what is asked for is compared, with what holds now; tags are not (spec-sqs 3).
Result<SharedQueue> as_asked(SharedQueue queue, const AttributeMap& asked) {
  const auto now = effective(queue->record().Attributes, queue->fifo);
  for (const auto& [name, value] : asked) {
    const auto it = now.find(name);
    if (!same(*attribute_rule(name), it == now.end() ? std::string() : it->second, value))
      return AwsError{
          "QueueNameExists",
          fmt::format("A queue already exists with the same name and a different value for attribute {}",
                      name)};
  }
  return queue;
}
}  // namespace

Result<SharedQueue> create_queue(Sqs& service, const Scope& scope, CreateQueueInput in) {
  auto attributes = in.Attributes.value_or(AttributeMap{});
  const bool fifo = wants_fifo(attributes);
  check_queue_name(in.QueueName, fifo);
  const auto& name = *in.QueueName;
  attributes = checked(std::move(attributes), fifo);
  QueueRecord record;
  merge(record.Attributes, attributes);
  if (in.tags) check_tags(name, *in.tags);
  if (auto there = service.queues.find(scope, name)) return as_asked(std::move(there), attributes);
  if (service.limits.sixty_seconds && service.deleted_within(scope, name, kNameIsTaken))
    return AwsError{"QueueDeletedRecently",
                    "You must wait 60 seconds after deleting a queue before you can create another with the "
                    "same name."};
  if (const auto policy = record.Attributes.find("RedrivePolicy"); policy != record.Attributes.end())
    check_dead_letter_queue(service, {scope, queue_arn(scope, name), fifo}, policy->second);
  if (in.tags) record.Tags = std::move(*in.tags);
  if (auto made = service.create(scope, name, std::move(record))) return made;
  auto there = service.queues.find(scope, name);  // somebody else was first
  if (!there) return no_such_queue();
  return as_asked(std::move(there), attributes);
}

Result<Done> delete_queue(Sqs& service, Queue& queue) {
  if (!service.remove(queue)) return no_such_queue();
  if (service.limits.sixty_seconds) service.remember_deletion(queue);
  return Done{};
}
}  // namespace emu::sqs
