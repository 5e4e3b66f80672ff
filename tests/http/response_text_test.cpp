#include "emulator/http/response_text.hpp"

#include <doctest/doctest.h>

using namespace emu;
using http::Framing;

namespace {
std::string head_text(const http::Response& response, Framing framing, unsigned version, bool keep_alive) {
  std::string out;
  http::append_head(out, response, framing, version, keep_alive);
  return out;
}
}  // namespace

TEST_CASE("a response says its status, its headers in their order, how it is kept alive and how long it is") {
  auto response = http::text_response(201, "four");
  response.headers.add("X-A", "1");
  response.headers.add("X-A", "2");
  CHECK(head_text(response, Framing::length, 11, true) ==
        "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-A: 2\r\nConnection: keep-alive\r\n"
        "Content-Length: 4\r\n\r\n");
}

TEST_CASE("what frames a message is never the handler's to say") {
  http::Response response;
  for (const auto* name : {"connection", "Content-Length", "transfer-encoding"})
    response.headers.add(name, "9");
  CHECK(head_text(response, Framing::chunked, 11, false) ==
        "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST_CASE("HTTP/1.0 is told only that a connection stays, and a status that cannot be said is 500") {
  http::Response response{9000, {}, {}};
  CHECK(head_text(response, Framing::none, 10, false) == "HTTP/1.0 500 Internal Server Error\r\n\r\n");
  CHECK(head_text(response, Framing::none, 10, true) ==
        "HTTP/1.0 500 Internal Server Error\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("a header that would break the message apart is left out") {
  http::Response response;
  response.headers.add("a b", "1");
  response.headers.add("A", "1\r\nB: 2");
  response.headers.add("C", "\t\x80 ok");
  CHECK(head_text(response, Framing::none, 11, true) ==
        "HTTP/1.1 200 OK\r\nC: \t\x80 ok\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("interim responses, 204 and 304 have no body") {
  CHECK(http::has_body(200));
  CHECK(http::has_body(404));
  for (const int none : {100, 199, 204, 304}) CHECK_FALSE(http::has_body(none));
}
