// One invocation by name, as those make it who retry by themselves: asynchronous invocations and event source
// mappings. A weighted alias is drawn here, so once per attempt.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
// An error is what Invoke would answer: no such function, too large.
awaitable<Result<Ran>> run_once(Lambda& lambda, Scope scope, FunctionName name,
                                runtime::Invocation invocation);
}  // namespace emu::lambda
