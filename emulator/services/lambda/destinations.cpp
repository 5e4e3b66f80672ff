#include "emulator/services/lambda/destinations.hpp"

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
std::optional<AwsError> destination_fault(const Ports& ports, const std::string& arn) {
  const auto parsed = Arn::parse(arn);
  if (!parsed || parsed->resource.ends_with(".fifo"))  // queues and topics are to be standard ones
    return invalid_parameter(fmt::format("The destination ARN {} is invalid.", arn));
  if (!ports.target(arn))
    return invalid_parameter(
        fmt::format("emu does not have the service {} of the destination {}.", parsed->service, arn));
  return std::nullopt;
}

void check_dead_letters(const Ports& ports, const std::string& arn) {
  if (arn.empty()) return;
  const auto parsed = Arn::parse(arn);
  if (!parsed || (parsed->service != "sqs" && parsed->service != "sns"))
    throw invalid_parameter(
        fmt::format("The dead-letter target {} is neither an SQS queue nor an SNS topic.", arn));
  if (auto fault = destination_fault(ports, arn)) throw std::move(*fault);
  auto* queues = ports.queue_source(arn);
  if (queues && !queues->settings(arn))
    throw invalid_parameter(
        "The provided execution role does not have permissions to call SendMessage on SQS");
}

awaitable<void> deliver(const Ports& ports, std::string arn, Delivery delivery, std::string what) {
  std::string fault = "there is no such service";
  try {
    if (auto* target = ports.target(arn)) {
      const auto done = co_await target->deliver(arn, std::move(delivery));
      if (done) co_return;
      fault = done.error().message;
    }
  } catch (const AwsError& e) {
    fault = e.message;
  } catch (const std::exception& e) {
    fault = e.what();
  }
  log_warning(fmt::format("{} could not be delivered to {}: {}", what, arn, fault));
}
}  // namespace emu::lambda
