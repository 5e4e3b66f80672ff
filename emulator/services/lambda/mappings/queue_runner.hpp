// An event source mapping of an SQS queue at work (spec-lambda G.2): takes messages the moment there are
// some, closes batches, hands as many at once to the function as QueueScaling allows, and deletes what
// succeeded. What failed is left alone: it comes back after the queue's visibility timeout.
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/mappings/filters.hpp"
#include "emulator/services/lambda/mappings/queue_scaling.hpp"

namespace emu::lambda {
class Closing;

class QueueRunner final : public Runner {
 public:
  QueueRunner(Lambda& lambda, Scope scope, SharedMapping mapping)
      : Runner(std::move(mapping)), lambda_(lambda), scope_(std::move(scope)) {}
  awaitable<void> run() override;

 private:
  struct Message {
    std::string id, handle, trace, text;
    Time until;  // its lease ends
  };
  using Messages = std::vector<Message>;
  struct Batch {
    SharedMapping mapping;
    Messages messages;
  };
  awaitable<void> cycle();  // hands out one batch, if there is one
  awaitable<void> rest();   // after what went wrong, until it may be otherwise
  awaitable<bool> turn();   // waits until there may be another batch; false: look again
  awaitable<Batch> collect();
  // Adds what was received, but what the filters or the recursion guard take out; what does not fit is
  // carried over.
  awaitable<void> sift(Json records, Time until, Batch& batch, Closing& closing);
  awaitable<void> stop_recursion(std::string queue, Json record);
  void add(Message message, Batch& batch, Closing& closing);
  void give_back_of_groups(const Mapping& mapping);
  awaitable<void> handle(Batch batch);
  awaitable<QueueScaling::End> invoke(const Batch& batch);
  QueueScaling::End conclude(const Batch& batch, const runtime::Outcome& outcome);
  void remove(const Mapping& mapping, std::vector<std::string> handles);
  const Filters& filters(const SharedMapping& mapping);

  Lambda& lambda_;
  const Scope scope_;
  Guarded<QueueScaling> scaling_;
  Messages carried_;  // of the coroutine run()
  Filters filters_;   // likewise; of filtered_
  SharedMapping filtered_;
};
}  // namespace emu::lambda
