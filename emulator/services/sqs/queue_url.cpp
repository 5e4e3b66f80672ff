#include "emulator/services/sqs/queue_url.hpp"

#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
std::string queue_url(const Context& context, const Queue& queue) {
  return fmt::format("http://{}/{}/{}", context.host, queue.scope.account, queue.name);
}

Result<SharedQueue> queue_of(const Sqs& service, const Context& context,
                             const std::optional<std::string>& queue_url) {
  if (!queue_url) return missing_parameter("QueueUrl");
  const std::string_view url = *queue_url;
  auto queue = service.queues.find(context.scope, url.substr(url.rfind('/') + 1));
  if (!queue) return no_such_queue();
  return queue;
}
}  // namespace emu::sqs
