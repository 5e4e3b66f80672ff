// A World with an SQS service in it, and short ways to say what its tests say often.
#pragma once
#include "emulator/services/sqs/sqs.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
class SqsWorld : public World {
 public:
  sqs::Sqs sqs{disk, clock, loops, ids};

  using World::call;
  using World::fail;
  Json call(std::string_view operation, Json input = Json::object()) {
    return World::call(sqs, operation, std::move(input));
  }
  AwsError fail(std::string_view operation, Json input = Json::object()) {
    return World::fail(sqs, operation, std::move(input));
  }
  // "Code: message"
  std::string refusal(std::string_view operation, Json input) {
    const auto error = fail(operation, std::move(input));
    return error.code + ": " + error.message;
  }

  // Creates a queue; the URL it has.
  std::string queue(std::string_view name = "q", Json attributes = Json::object()) {
    if (name.ends_with(".fifo")) attributes["FifoQueue"] = "true";
    Json in{{"QueueName", name}};
    if (!attributes.empty()) in["Attributes"] = std::move(attributes);
    return call("CreateQueue", std::move(in)).at("QueueUrl");
  }
};
}  // namespace emu::test
