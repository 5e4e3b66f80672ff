// What gateway.py asks emu for, in C++: the answer of functions/web-node.
#include <fmt/format.h>

#include "emulator/base/json.hpp"
#include "runtime-api/client/runtime.hpp"

int main() {
  using namespace aws::lambda_runtime;
  run_handler([](const invocation_request& request) {
    const auto body = emu::Json::parse(request.payload).value("body", std::string());
    const emu::Json answer{{"statusCode", 201},
                           {"headers", {{"content-type", "application/json"}}},
                           {"body", fmt::format(R"({{"received":{}}})", body.size())}};
    return invocation_response::success(answer.dump(), "application/json");
  });
}
