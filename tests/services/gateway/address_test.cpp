#include "emulator/services/gateway/routing/address.hpp"

#include <doctest/doctest.h>

namespace emu::gateway {
namespace {
http::Request request(std::string target, std::string host = "localhost:4566") {
  http::Request out{"GET", std::move(target), {}, {}, "127.0.0.1"};
  out.headers.add("Host", std::move(host));
  return out;
}
}  // namespace

TEST_CASE("an API is addressed by path or by host") {
  struct Case {
    const char *target, *host, *api, *path;
  };
  for (const Case& c : {
           Case{"/_aws/execute-api/abc123/dev/orders?x=1", "localhost:4566", "abc123", "/dev/orders"},
           Case{"/_aws/execute-api/abc123", "localhost:4566", "abc123", "/"},
           Case{"/_aws/execute-api/ABC123/", "localhost:4566", "abc123", "/"},
           Case{"/execute-api/abc123/dev/x", "localhost:4566", "abc123", "/dev/x"},
           Case{"/restapis/abc123/dev/_user_request_/orders/1", "localhost:4566", "abc123", "/dev/orders/1"},
           Case{"/restapis/abc123/dev/_user_request_", "localhost:4566", "abc123", "/dev/"},
           Case{"/orders", "abc123.execute-api.localhost:4566", "abc123", "/orders"},
           Case{"/orders", "ABC123.execute-api.localhost.localstack.cloud:4566", "abc123", "/orders"},
           Case{"/orders", "abc123.execute-api.eu-west-1.localhost.localstack.cloud:4566", "abc123",
                "/orders"},
           Case{"/orders", "abc123.execute-api.us-east-1.amazonaws.com", "abc123", "/orders"},
           Case{"/orders", "abc123-vpce-0f1.execute-api.us-east-1.amazonaws.com", "abc123", "/orders"},
           Case{"//dev/orders", "abc123.execute-api.localhost", "abc123", "/dev/orders"},
           Case{"/dev/orders", "abc123.execute-api.localhost.floci.io:4566", "abc123", "/dev/orders"},
           Case{"/dev/orders", "abc123-vpce-0f1.execute-api.localhost.localstack.cloud:4566", "abc123",
                "/dev/orders"},
           Case{"/_aws/execute-api/abc123//dev/orders", "localhost:4566", "abc123", "/dev/orders"},
           Case{"/restapis/abc123/dev/_user_request_/a?x=_user_request_", "127.0.0.1:4566", "abc123",
                "/dev/a"},
       }) {
    const auto r = request(c.target, c.host);
    CHECK_MESSAGE(addresses_api(r), c.target);
    const auto address = address_of(r);
    REQUIRE(address);
    CHECK(address->api_id == c.api);
    CHECK(address->path == c.path);
  }
}

TEST_CASE("a VPC endpoint's host names its API in a header") {
  auto r = request("/x", "vpce-0f1.execute-api.us-east-1.vpce.amazonaws.com");
  r.headers.add("x-apigw-api-id", "abc123");
  CHECK(address_of(r)->api_id == "abc123");
}

TEST_CASE("other requests are not for an API, nor is the control plane of REST APIs") {
  for (const auto* target : {"/", "/v2/apis", "/restapis", "/restapis/abc123/resources",
                             "/restapis/abc123/stages/_user_request_x", "/_aws/other/abc"}) {
    CHECK_FALSE(addresses_api(request(target)));
    CHECK_FALSE(address_of(request(target)));
  }
}

TEST_CASE("the path is decoded before it is routed, and kept as sent") {
  const auto address = address_of(request("/_aws/execute-api/abc/u/J%20Doe/a%2Fb"));
  CHECK(address->path == "/u/J Doe/a/b");
  CHECK(address->raw_path == "/u/J%20Doe/a%2Fb");
}

TEST_CASE("a decoded question mark ends the path") {
  CHECK(address_of(request("/_aws/execute-api/abc/a%3Fb=1"))->path == "/a");
}
}  // namespace emu::gateway
