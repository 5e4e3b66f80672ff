#include "emulator/services/sqs/attributes/setting.hpp"

#include "emulator/services/sqs/attributes/redrive_rules.hpp"

namespace emu::sqs {
namespace {
// prepare(AttributeMap& set) before what was given is merged into it.
template <class F>
Result<Done> change_attributes(Sqs& service, Queue& queue, AttributeMap given, F prepare) {
  given = checked(std::move(given), queue.fifo);
  // Before the queue's lock is taken: it looks at another queue.
  if (const auto policy = given.find("RedrivePolicy"); policy != given.end() && !policy->second.empty())
    check_dead_letter_queue(service, {queue.scope, queue.arn, queue.fifo}, policy->second);
  return service.change(queue, [&](QueueRecord& record) -> Result<Done> {
    prepare(record.Attributes);
    merge(record.Attributes, given);
    record.Modified = service.clock.now().time_since_epoch().count();
    return Done{};
  });
}
}  // namespace

Result<Done> set_attributes(Sqs& service, Queue& queue, AttributeMap given) {
  return change_attributes(service, queue, std::move(given), [](AttributeMap&) {});
}

Result<Done> replace_attributes(Sqs& service, Queue& queue, AttributeMap given) {
  return change_attributes(service, queue, std::move(given), [](AttributeMap& set) {
    std::erase_if(set, [](const auto& a) { return a.first != "Policy" && a.first != "FifoQueue"; });
  });
}
}  // namespace emu::sqs
