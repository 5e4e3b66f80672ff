// Queues as other services reach them by ARN: as a target of deliveries, and as a source of events. Filled
// into Ports by App.
#pragma once
#include "emulator/api/ports.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
class QueueTarget final : public Target {
 public:
  explicit QueueTarget(Sqs& service) : service_(service) {}
  awaitable<Result<Done>> deliver(std::string arn, Delivery delivery) override;

 private:
  Sqs& service_;
};

class EventQueues final : public QueueSource {
 public:
  explicit EventQueues(Sqs& service) : service_(service) {}
  Result<Settings> settings(std::string_view arn) override;
  awaitable<Result<Json>> receive(std::string arn, std::size_t most, Duration wait,
                                  std::shared_ptr<Poll> poll) override;
  Result<Outcomes> remove(std::string_view arn, std::span<const std::string> handles) override;
  Result<Outcomes> show_again(std::string_view arn, std::span<const std::string> handles,
                              Duration after) override;

 private:
  Sqs& service_;
};
}  // namespace emu::sqs
