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

namespace {
int got(std::string host, std::string site, std::string agent = "curl/8") {
  http::Request request{.method = "GET", .target = "/?Action=DeleteQueue"};
  request.headers.add("Host", std::move(host));
  if (!site.empty()) request.headers.add("Sec-Fetch-Site", std::move(site));
  request.headers.add("User-Agent", std::move(agent));
  const auto away = turn_away_foreign(request);
  return away ? away->status : 200;
}
}  // namespace

TEST_CASE("an image or a link on a page of another site reaches no control API") {
  CHECK(got("localhost:4566", "cross-site") == 403);
  CHECK(got("localhost:4566", "Cross-Site") == 403);
  CHECK(got("localhost:4566", "something-new") == 403);
  CHECK(got("localhost:4566", "none") == 200);
  CHECK(got("localhost:4566", "same-origin") == 200);
  CHECK(got("localhost:4566", "") == 200);
}

TEST_CASE("a page of the same site is let in where that site is this machine") {
  CHECK(got("localhost:4566", "same-site") == 200);
  CHECK(got("127.0.0.1:4566", "same-site") == 200);
  CHECK(got("sqs.us-east-1.amazonaws.com", "same-site") == 403);
  CHECK(got("emu:4566", "same-site") == 403);
  CHECK(got("localhost.localstack.cloud:4566", "same-site") == 403);  // its site has other pages, too
}

TEST_CASE("a browser that says nothing of where a request comes from is not believed") {
  CHECK(got("localhost.localstack.cloud:4566", "", "Mozilla/5.0 (X11)") == 403);
  CHECK(got("localhost.localstack.cloud:4566", "", "Boto3/1.26") == 200);
  CHECK(got("localhost:4566", "", "Mozilla/5.0 (Windows NT; en-US) WindowsPowerShell/5.1") == 200);
}

TEST_CASE("a page of this machine calls the control APIs across ports and spellings of its name") {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.add("Host", "127.0.0.1:4566");
  request.headers.add("Origin", "http://localhost:5173");
  request.headers.add("Sec-Fetch-Site", "cross-site");
  request.headers.add("User-Agent", "Mozilla/5.0");
  CHECK_FALSE(turn_away_foreign(request));
}

TEST_CASE("containers reach the control APIs by the names they have for their host") {
  for (const auto* own : {"host.docker.internal:4566", "gateway.docker.internal", "host.containers.internal"})
    CHECK_MESSAGE(status(own) == 200, own);
}

TEST_CASE("names by which clients reach the AWS APIs are no custom domains") {
  for (const auto* endpoint :
       {"localhost", "LOCALHOST", "127.0.0.1", "10.0.0.7", "[::1]", "emu", "localhost.localstack.cloud",
        "sqs.us-east-1.localhost.localstack.cloud", "sqs.us-east-1.localhost", "dynamodb.localhost",
        "abc.execute-api.localhost", "dynamodb.us-east-1.amazonaws.com", "x.lambda-url.us-east-1.on.aws",
        "host.docker.internal", "localhost."})
    CHECK_MESSAGE(is_endpoint_name(endpoint), endpoint);
  for (const auto* domain : {"api.shop.example", "orders.localhost", "api.shop.localhost", "sqs.example"})
    CHECK_MESSAGE(!is_endpoint_name(domain), domain);
}
}  // namespace emu
