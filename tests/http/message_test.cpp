#include "emulator/http/message.hpp"

#include <doctest/doctest.h>

#include "emulator/http/router.hpp"

using namespace emu::http;

TEST_CASE("header names compare without case, and set replaces every earlier value") {
  Headers headers;
  headers.add("X-A", "1");
  headers.add("x-a", "2");
  CHECK(headers.get("X-a") == "1");
  headers.set("x-A", "3");
  CHECK(headers.get("x-a") == "3");
  CHECK(std::distance(headers.begin(), headers.end()) == 1);
}

TEST_CASE("percent-decoding leaves broken escapes as written, and + is a space in queries only") {
  CHECK(percent_decode("a%2Fb+c") == "a/b+c");
  CHECK(percent_decode("a+b%zz%4", true) == "a b%zz%4");
  CHECK(percent_encode("a b/~") == "a%20b%2F~");
}

TEST_CASE("a query is read in order, with repeated and valueless names") {
  const auto q = parse_query("a=1&b&a=%202&&c=");
  REQUIRE(q.size() == 4);
  CHECK(q[1] == std::pair<std::string, std::string>("b", ""));
  CHECK(q[2].second == " 2");
}

TEST_CASE("a literal segment wins over a parameter, and a parameter over the rest of the path") {
  Router<int> routes;
  routes.add("GET", "/f/{Name}", 1);
  routes.add("GET", "/f/list", 2);
  routes.add("GET", "/f/{Name}/{Rest+}", 3);
  routes.add("POST", "/f/{Name}", 4);
  CHECK(routes.find("GET", "/f/list/")->value == 2);
  const auto one = routes.find("GET", "/f/a%3Ab");
  CHECK(one->value == 1);
  CHECK(one->parameters[0].second == "a:b");
  const auto rest = routes.find("GET", "/f/a/b%20c/d");
  CHECK(rest->value == 3);
  CHECK(rest->parameters[1] == std::pair<std::string, std::string>("Rest", "b c/d"));
  CHECK(routes.find("POST", "/f/list")->value == 4);
  CHECK_FALSE(routes.find("DELETE", "/f/a"));
  CHECK_FALSE(routes.find("GET", "/f"));
}
