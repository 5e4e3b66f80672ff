// Functions as other services see them: something that can be invoked by ARN. Implemented by the lambda
// service; used by the gateway and by deliveries that need the function's answer.
#pragma once
#include "emulator/base/error.hpp"
#include "runtime-api/function.hpp"

namespace emu::runtime {
class Functions {
 public:
  virtual ~Functions() = default;
  // Invokes and waits. `arn` may carry a version or alias. A failing function is an Outcome; an AwsError is
  // what the Invoke API would answer (unknown function, payload too large). Throttles are outcomes too.
  virtual awaitable<Result<Outcome>> invoke_function(std::string arn, Invocation invocation) = 0;
};
}  // namespace emu::runtime
