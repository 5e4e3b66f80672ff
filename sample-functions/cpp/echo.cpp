// The smallest function in C++: its result is its event.
#include "runtime-api/client/runtime.hpp"

using aws::lambda_runtime::invocation_request;
using aws::lambda_runtime::invocation_response;

int main() {
  aws::lambda_runtime::run_handler([](const invocation_request& request) {
    return invocation_response::success(request.payload, "application/json");
  });
}
