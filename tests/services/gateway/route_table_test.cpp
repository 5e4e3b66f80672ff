#include "emulator/services/gateway/routing/route_table.hpp"

#include <doctest/doctest.h>

namespace emu::gateway {
namespace {
struct Routes {
  std::vector<std::string> keys;
  RouteTable table;
  Routes(std::initializer_list<const char*> all) {
    for (const auto* text : all) {
      const auto key = RouteKey::parse(text);
      REQUIRE_MESSAGE(key, text);
      table.add(*key, keys.size());
      keys.emplace_back(text);
    }
  }
  std::string find(std::string_view method, std::string_view path) const {
    const auto match = table.find(method, path);
    return match ? keys[match->route] : "none";
  }
};
using Parameters = RouteTable::PathParameters;
}  // namespace

TEST_CASE("the most specific route wins: in full, with a variable, greedy, any method, default") {
  const Routes routes{"$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/dog/{id}",
                      "GET /pets/dog/1"};
  CHECK(routes.find("GET", "/pets/dog/1") == "GET /pets/dog/1");
  CHECK(routes.find("GET", "/pets/dog/2") == "GET /pets/dog/{id}");
  CHECK(routes.find("GET", "/pets/cat/5") == "GET /pets/{proxy+}");
  CHECK(routes.find("POST", "/pets/cat/5") == "ANY /{proxy+}");
  CHECK(routes.find("POST", "/test/5") == "ANY /{proxy+}");
  CHECK(routes.find("GET", "/") == "$default");
}

TEST_CASE("a method of its own beats ANY on the same path") {
  const Routes routes{"ANY /a", "GET /a"};
  CHECK(routes.find("GET", "/a") == "GET /a");
  CHECK(routes.find("PUT", "/a") == "ANY /a");
}

TEST_CASE("a more specific path with ANY beats a greedy path with the exact method") {
  const Routes routes{"GET /{proxy+}", "ANY /a/{id}"};
  CHECK(routes.find("GET", "/a/1") == "ANY /a/{id}");
}

TEST_CASE("a route that matches in full goes before a greedy one with a longer fixed beginning") {
  const Routes routes{"GET /a/{proxy+}", "GET /{x}/b"};
  CHECK(routes.find("GET", "/a/b") == "GET /{x}/b");
  CHECK(routes.find("GET", "/a/c") == "GET /a/{proxy+}");
}

TEST_CASE("a dead end goes back to the next candidate") {
  const Routes routes{"GET /a/b/c", "GET /a/{x}/d", "POST /a/b/{y}"};
  CHECK(routes.find("GET", "/a/b/d") == "GET /a/{x}/d");
  CHECK(routes.find("POST", "/a/b/c") == "POST /a/b/{y}");
}

TEST_CASE("a method that no route has is not found, and HEAD is not GET") {
  const Routes routes{"GET /a"};
  CHECK(routes.find("POST", "/a") == "none");
  CHECK(routes.find("HEAD", "/a") == "none");
}

TEST_CASE("paths compare with case and with their trailing slash") {
  const Routes routes{"GET /a", "GET /b/", "GET /c/{id}"};
  CHECK(routes.find("GET", "/A") == "none");
  CHECK(routes.find("GET", "/a/") == "none");
  CHECK(routes.find("GET", "/b/") == "GET /b/");
  CHECK(routes.find("GET", "/b") == "none");
  CHECK(routes.find("GET", "/c/") == "none");
}

TEST_CASE("a greedy variable takes one or more segments, with their slashes") {
  const Routes routes{"GET /a/{rest+}"};
  CHECK(routes.find("GET", "/a") == "none");
  CHECK(routes.find("GET", "/a/") == "none");
  CHECK(routes.table.find("GET", "/a/x")->parameters == Parameters{{"rest", "x"}});
  CHECK(routes.table.find("GET", "/a/x/y/z")->parameters == Parameters{{"rest", "x/y/z"}});
}

TEST_CASE("variables carry the names of the route that took the request") {
  const Routes routes{"GET /o/{id}", "GET /o/{order}/items/{item}"};
  CHECK(routes.table.find("GET", "/o/1")->parameters == Parameters{{"id", "1"}});
  CHECK(routes.table.find("GET", "/o/1/items/2")->parameters == Parameters{{"order", "1"}, {"item", "2"}});
}

TEST_CASE("what is no route key is refused") {
  for (const auto* text : {"", "GET", "GET orders", "GET  /x", "get /x", "FETCH /x", "$connect",
                           "GET /{a+}/b", "GET /{+}", "GET /a{b}", "GET /{a}{b}", "GET /{a", "GET /a b"})
    CHECK_MESSAGE(!RouteKey::parse(text), text);
  for (const auto* text : {"$default", "ANY /", "GET /a/{b}/c", "POST /{proxy+}", "OPTIONS /a-b_c.d~/"})
    CHECK_MESSAGE(RouteKey::parse(text), text);
}
}  // namespace emu::gateway
