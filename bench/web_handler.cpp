// What gateway.py asks emu for, in C++: the answer of functions/web-node.
#include <fmt/format.h>
#include <simdjson.h>

#include "runtime-api/client/runtime.hpp"

int main() {
  using namespace aws::lambda_runtime;
  simdjson::ondemand::parser parser;
  run_handler([&](const invocation_request& request) {
    const simdjson::padded_string event(request.payload);
    auto document = parser.iterate(event);
    std::string_view body;
    if (document["body"].get(body) != simdjson::SUCCESS) body = {};
    const auto answer = fmt::format(
        R"({{"statusCode":201,"headers":{{"content-type":"application/json"}},"body":"{{\"received\":{}}}"}})",
        body.size());
    return invocation_response::success(answer, "application/json");
  });
}
