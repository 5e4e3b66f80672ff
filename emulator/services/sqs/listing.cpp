// ListQueues, ListDeadLetterSourceQueues.
#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/attributes/redrive_rules.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
constexpr std::int64_t kMostResults = 1000;  // also without MaxResults, then without a token (spec-sqs 2)

struct Page {
  std::vector<std::string> urls;
  std::optional<std::string> next;
};

// The queues, which come sorted by name, from behind the one that the token names. Throws for a bad token.
struct Cut {
  std::optional<std::int64_t> most;
  std::optional<std::string> token;

  Page of(const Sqs& service, const Context& context, const std::vector<SharedQueue>& queues) const {
    if (most && (*most < 1 || *most > kMostResults))
      throw invalid_value(*most, "MaxResults", "Must be between 1 and 1000, if provided.");
    const auto after = token ? base64_decode(*token) : std::optional<std::string>("");
    if (!after) throw invalid_value("Invalid or expired next token.");
    Page out;
    const SharedQueue* last = nullptr;
    for (const auto& queue : queues) {
      if (queue->name <= *after) continue;
      if (static_cast<std::int64_t>(out.urls.size()) == most.value_or(kMostResults)) {
        if (most) out.next = base64_encode((*last)->name);
        break;
      }
      out.urls.push_back(queue_url(service, context, *queue));
      last = &queue;
    }
    return out;
  }
};

struct ListQueuesInput {
  std::optional<std::string> QueueNamePrefix;
  std::optional<std::int64_t> MaxResults;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListQueuesInput, (), (QueueNamePrefix, MaxResults, NextToken))
struct ListQueuesOutput {
  std::optional<std::vector<std::string>> QueueUrls;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListQueuesOutput, (), (QueueUrls, NextToken))

Result<ListQueuesOutput> list_queues(Sqs& service, Context& context, ListQueuesInput in) {
  auto queues = service.queues.in(context.scope);
  const auto prefix = in.QueueNamePrefix.value_or("");
  std::erase_if(queues, [&](const SharedQueue& queue) { return !queue->name.starts_with(prefix); });
  auto page = Cut{in.MaxResults, in.NextToken}.of(service, context, queues);
  ListQueuesOutput out{std::nullopt, std::move(page.next)};
  if (!page.urls.empty()) out.QueueUrls = std::move(page.urls);
  return out;
}

struct ListDeadLetterSourceQueuesInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::int64_t> MaxResults;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListDeadLetterSourceQueuesInput, (), (QueueUrl, MaxResults, NextToken))
struct ListDeadLetterSourceQueuesOutput {
  std::vector<std::string> queueUrls;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListDeadLetterSourceQueuesOutput, (), (queueUrls, NextToken))

Result<ListDeadLetterSourceQueuesOutput> list_sources(Sqs& service, Context& context,
                                                      ListDeadLetterSourceQueuesInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  auto page = Cut{in.MaxResults, in.NextToken}.of(service, context, dead_letter_sources(service, **queue));
  return ListDeadLetterSourceQueuesOutput{std::move(page.urls), std::move(page.next)};
}

constexpr Operation kRows[] = {op<list_queues>("ListQueues"), op<list_sources>("ListDeadLetterSourceQueues")};
}  // namespace

std::span<const Operation> listing_operations() { return kRows; }
}  // namespace emu::sqs
