// The SQS service: owns the queues and lists the operations, which live beside each other by kind (queues,
// attributes, tags, permissions, sending, receiving). Messages wait in the core (core/messages.hpp), one per
// queue (queue.hpp), and are on disk under rows of their own (message_rows.hpp).
#pragma once
#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/sqs/moves.hpp"
#include "emulator/services/sqs/options.hpp"
#include "emulator/services/sqs/queues.hpp"

namespace emu::sqs {
struct Limits {
  std::size_t in_flight = 120'000;  // of one queue (spec-sqs 7)
  // Refuse a second PurgeQueue, and a queue of a deleted one's name, for sixty seconds as AWS does. Off:
  // tests purge and make again what they use.
  bool sixty_seconds = false;
};

// The rows of each file of operations, and of resources.cpp.
std::span<const Operation> queue_operations();
std::span<const Operation> listing_operations();
std::span<const Operation> attribute_operations();
std::span<const Operation> tag_operations();
std::span<const Operation> permission_operations();
std::span<const Operation> sending_operations();
std::span<const Operation> receiving_operations();
std::span<const Operation> handle_operations();
std::span<const Operation> purging_operations();
std::span<const Operation> move_operations();
std::span<const ResourceType> queue_resources();

class Sqs final : public Service {
 public:
  Sqs(storage::Engine& disk, Clock& clock, Loops& loops, Ids& ids, Limits limits = {});
  std::string_view name() const override { return "sqs"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::string_view target_prefix() const override { return "AmazonSQS"; }
  std::string_view xml_namespace() const override { return "http://queue.amazonaws.com/doc/2012-11-05/"; }
  const QuerySide* query_side() const override;
  std::string error_type(const AwsError& error) const override;
  AwsError missing(const wire::Missing& member) const override;
  AwsError worded(AwsError error, const Context& context) const override;
  bool mend(Json& input) const override;
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override { return queue_resources(); }
  void load() override;  // loading.cpp
  void verify(Report& report) override;
  awaitable<void> run() override;

  // Writes the row of a new queue, then lets requests see it; StorageId and times are given here. Null: the
  // name is taken.
  SharedQueue create(const Scope& scope, const std::string& name, QueueRecord record);
  // Changes what a queue is: edit(QueueRecord&) works on a copy and returns a Result; if it succeeds, the
  // copy is stored and in force. QueueDoesNotExist: it was deleted meanwhile.
  template <class F>
  auto change(Queue& queue, F edit) -> std::invoke_result_t<F, QueueRecord&> {
    return queue.with(clock, [&](Queue::State& state, Time now) -> std::invoke_result_t<F, QueueRecord&> {
      if (state.deleted) return no_longer_there();
      QueueRecord next = state.record;
      auto result = edit(next);
      if (result) keep(queue, state, std::move(next), now);
      return result;
    });
  }
  // With all its messages; false: it was gone already. Whoever waits at it is told.
  bool remove(Queue& queue);
  Result<Done> purge(Queue& queue);  // all messages, as PurgeQueue does
  // For the rule that a name is not free at once; deletions are forgotten with the process.
  void remember_deletion(const Queue& queue);
  bool deleted_within(const Scope& scope, const std::string& name, Duration last);

  storage::Engine& disk;
  Clock& clock;
  Loops& loops;
  Ids& ids;
  const Limits limits;
  Queues queues;
  Records<QueueRecord> records;
  Records<MoveTask> move_tasks;
  Alarms alarms;
  Moves moves{*this};
  UrlStrategy urls = UrlStrategy::dynamic;

 private:
  static constexpr std::uint64_t kAllMessages = ~std::uint64_t{0};
  static AwsError no_longer_there();
  void keep(Queue& queue, Queue::State& state, QueueRecord next, Time now);
  // The rows of its messages up to this sequence number, and of their deduplication.
  void erase_messages(std::uint64_t queue, std::uint64_t through);
  Guarded<std::map<std::pair<Scope, std::string>, Time>> deletions_;
  std::mutex creating_;  // held from "there is no such queue" until there is one
};
}  // namespace emu::sqs
