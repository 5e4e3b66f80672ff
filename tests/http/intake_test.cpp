// What clients may send, in raw bytes, and how long they may take.
#include <future>

#include "tests/http/live.hpp"

using namespace emu;
using namespace emu::test;
using namespace std::literals;

namespace {
// One answer on a connection that stays open: its head, and a body of Content-Length bytes.
std::string answer(Talk& talk) {
  auto out = talk.hear_until("\r\n\r\n");
  static constexpr std::string_view kLength = "Content-Length: ";
  const auto at = out.find(kLength);
  REQUIRE(at != std::string::npos);
  const auto size = std::stoul(out.substr(at + kLength.size()));
  if (talk.heard.size() < size)
    boost::asio::read(talk.socket, boost::asio::dynamic_buffer(talk.heard),
                      boost::asio::transfer_exactly(size - talk.heard.size()));
  out += talk.heard.substr(0, size);
  talk.heard.erase(0, size);
  return out;
}
}  // namespace

TEST_CASE("a chunked body is put together, chunk extensions and trailers left out") {
  Live live(echo);
  const auto said = converse(live.port,
                             "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3;why=not\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n");
  CHECK(said.starts_with("HTTP/1.1 201"));
  CHECK(said.ends_with("POST /c abcde"));
}

TEST_CASE("who asks whether to continue is told so before the body is read") {
  Live live(echo);
  Talk talk(live.port);
  talk.say("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(talk.hear_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  talk.say("body");
  CHECK(answer(talk).ends_with("POST /e body"));
}

TEST_CASE("pipelined requests are answered in their order, each with its own body") {
  Live live(echo);
  Talk talk(live.port);
  talk.say(
      "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
      "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
      "HEAD /3 HTTP/1.1\r\nHost: a\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(answer(talk).ends_with("POST /1 one"));
  CHECK(answer(talk).ends_with("POST /2 two"));
  const auto head = talk.hear_until("\r\n\r\n");
  CHECK(head.find("Content-Length: 8") != std::string::npos);
  CHECK(head.find("Connection: keep-alive") != std::string::npos);
  const auto last = talk.hear_all();
  CHECK(last.starts_with("HTTP/1.1 201"));
  CHECK(last.ends_with("GET /4 "));
}

namespace {
// One whose answers wait for that to a request of /late, which comes when it is let go.
struct Together {
  Together() {
    server.answer_together("GET /late ");
    port = server.listen("127.0.0.1", 0);
    thread = std::jthread([this] { loops.run(); });
  }
  ~Together() {
    server.stop();
    loops.stop();
  }
  awaitable<http::Response> answer(http::Request request) {
    if (request.target == "/late") {
      auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
      waiting.set_value(wakeup);
      RealClock clock;
      co_await clock.wait(wakeup, kNever);
    }
    co_return http::text_response(request.target == "/refused" ? 403 : 200, request.target);
  }
  std::promise<std::shared_ptr<Wakeup>> waiting;
  Loops loops{1, 0};
  http::Server server{loops, [this](http::Request request) { return answer(std::move(request)); }, 1000};
  std::uint16_t port = 0;
  std::jthread thread;
};
const std::string kLate = "GET /late HTTP/1.1\r\n\r\n";
}  // namespace

TEST_CASE("an answer waits for that of the request behind it which takes it along, in their order") {
  Together together;
  Talk talk(together.port);
  talk.say("GET /first HTTP/1.1\r\n\r\n" + kLate);
  const auto late = together.waiting.get_future().get();
  CHECK(talk.socket.available() == 0);
  late->signal();
  CHECK(talk.hear_until("/first").starts_with("HTTP/1.1 200"));
  CHECK(talk.hear_until("/late").starts_with("HTTP/1.1 200"));
  talk.say("GET /alone HTTP/1.1\r\n\r\n");
  CHECK(talk.hear_until("/alone").starts_with("HTTP/1.1 200"));
}

TEST_CASE("a refusal, a last answer and one that something else follows do not wait") {
  for (const std::string first :
       {"GET /refused HTTP/1.1\r\n\r\n" + kLate, "GET /last HTTP/1.1\r\nConnection: close\r\n\r\n" + kLate,
        std::string("GET /first HTTP/1.1\r\n\r\nGET /lat")}) {
    Together together;
    Talk talk(together.port);
    talk.say(first);
    CHECK(talk.hear_until("\r\n\r\n").starts_with("HTTP/1.1 "));
    if (first.contains("/refused")) together.waiting.get_future().get()->signal();
  }
}

TEST_CASE("a nameless header, a bare line feed or a control character ends the connection with 400") {
  Live live(echo);
  for (const std::string& head :
       {std::string("GET / HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\0z\r\n\r\n"s,
        std::string("GET / HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n"),
        std::string("GET / HTTP/1.1\nHost: a\n\n"), std::string("GET  / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/3.0\r\n\r\n"), std::string("G\x01T / HTTP/1.1\r\n\r\n")}) {
    const auto said = converse(live.port, head);
    CHECK_MESSAGE(said.starts_with("HTTP/1.1 400"), head);
    CHECK(said.ends_with(R"({"message":"Bad Request"})"));
  }
}

TEST_CASE("a folded header is one header, not two") {
  http::Headers seen;
  Live live([&](http::Request request) -> awaitable<http::Response> {
    seen = request.headers;
    co_return http::text_response(200, "");
  });
  const auto said =
      converse(live.port, "GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n Transfer-Encoding: chunked\r\n\r\n");
  REQUIRE(said.starts_with("HTTP/1.1 200"));
  CHECK(said.find("HTTP/1.1", 1) == std::string::npos);
  CHECK(seen.get("X") == "one Transfer-Encoding: chunked");
  CHECK_FALSE(seen.find("Transfer-Encoding"));
}

TEST_CASE("headers that are too many in all are answered 431, in whatever pieces they come") {
  Live live(echo);
  Talk talk(live.port);
  talk.say("GET / HTTP/1.1\r\n");
  boost::system::error_code ended;
  const auto line = "X-Many: " + std::string(1000, 'x') + "\r\n";
  for (int i = 0; i < 66 && !ended; ++i) boost::asio::write(talk.socket, boost::asio::buffer(line), ended);
  CHECK(talk.hear_all().starts_with("HTTP/1.1 431"));
}

TEST_CASE("a request line that is too long is answered 431") {
  Live live(echo);
  const auto said = converse(live.port, "GET /" + std::string(70'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(said.starts_with("HTTP/1.1 431"));
}

TEST_CASE("a header that would break the response apart is not sent") {
  Live live([](http::Request) -> awaitable<http::Response> {
    auto out = http::text_response(200, "body");
    out.headers.add("X-Good", "tab\tand text");
    out.headers.add("X-Bad", "a\r\nSet-Cookie: stolen=1");
    out.headers.add("X-Bad\r\nX-Worse", "b");
    out.headers.add("X-Null", std::string("c\0d", 3));
    co_return out;
  });
  const auto said = converse(live.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(said.find("X-Good: tab\tand text\r\n") != std::string::npos);
  for (const auto* never : {"stolen", "X-Worse", "X-Bad", "X-Null"})
    CHECK_MESSAGE(said.find(never) == std::string::npos, never);
}

TEST_CASE("a request that comes no further is given up, in its head and in its body") {
  Live live(echo, {.stalled = 500ms});
  for (const auto* part : {"", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
                           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab",
                           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab"}) {
    Talk talk(live.port);
    talk.say(part);
    CHECK_MESSAGE(talk.hear_all().empty(), part);  // returns, since the server closes
  }
}

TEST_CASE("a connection that waits for its next request is given longer, and a handler has all time") {
  std::promise<std::shared_ptr<Wakeup>> waiting;
  Live live(
      [&](http::Request request) -> awaitable<http::Response> {
        if (request.target == "/late") {
          const auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
          waiting.set_value(wakeup);
          RealClock clock;
          co_await clock.wait(wakeup, kNever);
        }
        co_return http::text_response(200, "answered");
      },
      {.stalled = 2s, .idle = 1h});
  Talk talk(live.port);
  talk.say("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto handler = waiting.get_future().get();
  Talk(live.port).hear_all();  // says nothing, so it is given up meanwhile
  handler->signal();
  CHECK(answer(talk).ends_with("answered"));
  Talk(live.port).hear_all();
  talk.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(answer(talk).ends_with("answered"));
}

TEST_CASE("connections that wait too long for a next request are closed") {
  Live live(echo, {.stalled = 2s, .idle = 2s});
  Talk talk(live.port);
  talk.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(answer(talk).ends_with("GET / "));
  CHECK(talk.hear_all().empty());
}

TEST_CASE("a client that does not take its answer is given up, and its place is another's") {
  Live live(
      [](http::Request request) -> awaitable<http::Response> {
        co_return http::text_response(200, std::string(request.target == "/large" ? 64 << 20 : 1, 'x'));
      },
      {.stalled = 500ms, .connections = 1});
  Talk greedy(live.port);
  greedy.say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string said;
  for (int i = 0; said.empty() && i < 1'000'000; ++i) try {
      said = converse(live.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    } catch (const boost::system::system_error&) {  // closed as it came
    }
  CHECK(said.starts_with("HTTP/1.1 200"));
}

TEST_CASE("servers that share their limits count connections together") {
  http::Limits limits{.connections = 1};
  Live one(echo, limits), two(echo, limits);
  Talk first(one.port);
  first.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(answer(first).ends_with("GET / "));
  CHECK(Talk(two.port).hear_all().empty());
}

TEST_CASE("a header that is too long for the wire is left out, and the answer comes") {
  Live live([](http::Request) -> awaitable<http::Response> {
    auto out = http::text_response(200, "body");
    out.headers.add("X-Long", std::string(70'000, 'x'));
    co_return out;
  });
  const auto said = converse(live.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(said.starts_with("HTTP/1.1 200"));
  CHECK(said.find("X-Long") == std::string::npos);
}

TEST_CASE("connections beyond the limit are closed as they come") {
  Live live(echo, {.connections = 2});
  Talk one(live.port), two(live.port);
  for (auto* each : {&one, &two}) {
    each->say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(answer(*each).ends_with("GET / "));
  }
  CHECK(Talk(live.port).hear_all().empty());
  one.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(one.hear_all().ends_with("GET / "));
}
