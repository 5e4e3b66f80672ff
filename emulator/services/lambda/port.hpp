// Functions as the target of deliveries (rules, subscriptions, destinations): an invocation of type Event.
// Filled into Ports by App.
#pragma once
#include "emulator/api/ports.hpp"
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
class FunctionTarget final : public Target {
 public:
  explicit FunctionTarget(Lambda& lambda) : lambda_(lambda) {}
  awaitable<Result<Done>> deliver(std::string arn, Delivery delivery) override;

 private:
  Lambda& lambda_;
};
}  // namespace emu::lambda
