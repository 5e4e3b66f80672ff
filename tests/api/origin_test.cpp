#include "emulator/api/origin.hpp"

#include <doctest/doctest.h>

namespace emu {
namespace {
int status(std::string host, std::string origin = {}) {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.add("Host", std::move(host));
  if (!origin.empty()) request.headers.add("Origin", std::move(origin));
  const auto away = turn_away_foreign(request);
  return away ? away->status : 200;
}
}  // namespace

TEST_CASE("a name that somebody else's DNS could point here is no host of the control APIs") {
  for (const auto* own : {"127.0.0.1:4566", "[::1]:4566", "localhost", "LOCALHOST:1",
                          "sqs.us-east-1.localhost.localstack.cloud:4566", "dynamodb.us-east-1.amazonaws.com",
                          "emu:4566", "10.0.0.7", "x.localhost", ""})
    CHECK_MESSAGE(status(own) == 200, own);
  for (const auto* other : {"evil.example:4566", "localhost.evil.example", "notlocalhost.example",
                            "amazonaws.com.evil.example", "127.0.0.1.evil.example", "xamazonaws.com"})
    CHECK_MESSAGE(status(other) == 403, other);
}

TEST_CASE("a page of another site reaches no control API") {
  for (const auto* own :
       {"http://localhost:3000", "https://app.localhost", "http://127.0.0.1:5173", "http://[::1]:8080"})
    CHECK_MESSAGE(status("localhost:4566", own) == 200, own);
  for (const auto* other :
       {"https://evil.example", "null", "http://203.0.113.5", "http://bucket.s3-website.amazonaws.com",
        "http://localhost.evil.example", "file://"})
    CHECK_MESSAGE(status("localhost:4566", other) == 403, other);
}
}  // namespace emu
