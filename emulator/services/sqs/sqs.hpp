// The SQS service: owns the queues and lists the operations, which live beside each other by kind (queues,
// attributes, tags, permissions, sending, receiving).
#pragma once
#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/sqs/queues.hpp"

namespace emu::sqs {
class Sqs final : public Service {
 public:
  Sqs(storage::Engine& disk, Clock& clock, Loops& loops, Ids& ids);
  std::string_view name() const override { return "sqs"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::string_view target_prefix() const override { return "AmazonSQS"; }
  std::string_view xml_namespace() const override { return "http://queue.amazonaws.com/doc/2012-11-05/"; }
  std::span<const Operation> operations() const override;
  void load() override;
  void verify(Report& report) override;

  // Writes the row of a new queue, then lets requests see it; StorageId and times are given here. Null: the
  // name is taken.
  SharedQueue create(const Scope& scope, const std::string& name, QueueRecord record);
  // Changes what a queue is: edit(QueueRecord&) works on a copy and returns a Result; if it succeeds, the
  // copy is stored and in force. QueueDoesNotExist: it was deleted meanwhile.
  template <class F>
  auto change(Queue& queue, F edit) -> std::invoke_result_t<F, QueueRecord&> {
    return queue.state.with([&](Queue::State& state) -> std::invoke_result_t<F, QueueRecord&> {
      if (state.deleted) return no_longer_there();
      QueueRecord next = state.record;
      auto result = edit(next);
      if (result) keep(queue, state, std::move(next));
      return result;
    });
  }
  bool remove(Queue& queue);  // with all its messages; false: it was gone already

  storage::Engine& disk;
  Clock& clock;
  Loops& loops;
  Ids& ids;
  Queues queues;
  Records<QueueRecord> records;

 private:
  static AwsError no_longer_there();
  void keep(Queue& queue, Queue::State& state, QueueRecord next);
  std::mutex creating_;  // held from "there is no such queue" until there is one
};

std::span<const Operation> queue_operations();    // queue_operations.cpp
std::span<const Operation> sending_operations();  // sending.cpp
}  // namespace emu::sqs
