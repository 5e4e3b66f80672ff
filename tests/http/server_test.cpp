#include "emulator/http/server.hpp"

#include <future>

#include "tests/http/live.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a request reaches the handler whole and its response returns") {
  Live live(echo);
  auto client = live.client();
  const auto reply = client.Post("/a?b=c", "body", "text/plain");
  REQUIRE(reply);
  CHECK(reply->status == 201);
  CHECK(reply->body == "POST /a?b=c body");
}

TEST_CASE("a body over the limit is answered 413, a handler that throws 500, and the server lives on") {
  Live live([](http::Request request) -> awaitable<http::Response> {
    if (request.target == "/throw") throw std::runtime_error("on purpose");
    return echo(std::move(request));
  });
  CHECK(live.client().Post("/", std::string(1001, 'x'), "text/plain")->status == 413);
  CHECK(live.client().Get("/throw")->status == 500);
  CHECK(live.client().Get("/")->status == 201);
}

TEST_CASE("HEAD has the length of GET's body but no body; 204 has neither") {
  Live live([](http::Request request) -> awaitable<http::Response> {
    co_return http::text_response(request.target == "/none" ? 204 : 200, "four");
  });
  const auto head = live.client().Head("/");
  CHECK(head->get_header_value("Content-Length") == "4");
  CHECK(head->body.empty());
  CHECK(live.client().Delete("/none")->body.empty());
}

TEST_CASE("a second server on the same port is refused by name") {
  Live live(echo);
  http::Server second(live.loops, echo, 10);
  CHECK_THROWS_AS(second.listen("127.0.0.1", live.port), http::PortInUse);
}

TEST_CASE("an address that is not this machine's is refused in one line") {
  Loops loops(1);
  http::Server server(loops, echo, 10);
  CHECK_THROWS_WITH_AS(server.listen("192.0.2.1", 0),
                       "cannot listen on 192.0.2.1:0: Cannot assign requested address", http::CannotListen);
}

TEST_CASE(
    "a handler that waits learns that its client hung up, and one that is answered in time hears nothing") {
  std::promise<void> waiting, gone;
  Live live([&](http::Request request) -> awaitable<http::Response> {
    auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    request.peer->when_gone([&gone, wakeup] {
      gone.set_value();
      wakeup->signal();
    });
    if (request.target == "/answered") co_return http::text_response(200, "at once");
    waiting.set_value();
    RealClock clock;
    co_await clock.wait(wakeup, kNever);
    co_return http::text_response(200, "to nobody");
  });
  auto client = live.client();
  client.set_keep_alive(true);
  CHECK(client.Get("/answered")->body == "at once");
  CHECK(client.Get("/answered")->body == "at once");
  std::jthread asking([&] { client.Get("/waits"); });
  waiting.get_future().wait();
  client.stop();
  CHECK(gone.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

namespace {
// Says a number each time it is asked, until its reader has answered all.
class Counter final : public http::BodySource {
 public:
  awaitable<std::optional<std::string>> next() override {
    if (said_ == 3) co_return std::nullopt;
    co_return std::to_string(said_++);
  }

 private:
  int said_ = 0;
};
}  // namespace

TEST_CASE("a response may be written while it comes into being, and the connection lives on") {
  Live live([](http::Request) -> awaitable<http::Response> {
    auto out = http::text_response(200, "");
    out.stream = std::make_shared<Counter>();
    co_return out;
  });
  auto client = live.client();
  client.set_keep_alive(true);
  for (int i = 0; i < 2; ++i) {
    const auto reply = client.Get("/");
    REQUIRE(reply);
    CHECK(reply->body == "012");
    CHECK(reply->get_header_value("Transfer-Encoding") == "chunked");
  }
}

TEST_CASE("a streamed response that has no body says so, and the next one is itself") {
  Live live([](http::Request request) -> awaitable<http::Response> {
    auto out = http::text_response(request.target == "/none" ? 204 : 42, "text");
    if (request.target == "/none") out.stream = std::make_shared<Counter>();
    co_return out;
  });
  Talk talk(live.port);
  talk.say("GET /none HTTP/1.1\r\n\r\nGET /unsayable HTTP/1.1\r\n\r\n");
  CHECK(talk.hear_until("\r\n\r\n").find("Transfer-Encoding") == std::string::npos);
  CHECK(talk.hear_until("text").starts_with("HTTP/1.1 500 "));
}

TEST_CASE("to a client of HTTP/1.0 such a response has no length, and ends with the connection") {
  Live live([](http::Request) -> awaitable<http::Response> {
    auto out = http::text_response(200, "");
    out.stream = std::make_shared<Counter>();
    co_return out;
  });
  Talk talk(live.port);
  talk.say("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto reply = talk.hear_all();
  CHECK(reply.ends_with("\r\n\r\n012"));
  CHECK(reply.find("Content-Length") == std::string::npos);
  CHECK(reply.find("keep-alive") == std::string::npos);
}

namespace {
std::size_t answers(const std::string& text) {
  std::size_t out = 0;
  for (auto at = text.find("HTTP/1.1 "); at != text.npos; at = text.find("HTTP/1.1 ", at + 1)) ++out;
  return out;
}
}  // namespace

TEST_CASE("a request whose length can be read in two ways is refused, and nothing behind it is a request") {
  std::atomic<int> reached = 0;
  Live live([&](http::Request request) -> awaitable<http::Response> {
    ++reached;
    return echo(std::move(request));
  });
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string head :
       {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nHost : a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"}) {
    const auto said = converse(live.port, head + smuggled);
    CHECK_MESSAGE(said.starts_with("HTTP/1.1 400"), head);
    CHECK_MESSAGE(answers(said) == 1, head);
  }
  CHECK(reached == 0);
  CHECK(answers(converse(live.port,
                         "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")) == 2);
}

TEST_CASE("a head that is too large is answered 431, and the server lives on") {
  Live live(echo);
  const auto said =
      converse(live.port, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n");
  CHECK(said.starts_with("HTTP/1.1 431"));
  CHECK(said.ends_with(R"({"message":"Request Header Fields Too Large"})"));
  CHECK(live.client().Get("/")->status == 201);
}
