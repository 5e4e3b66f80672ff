#include "emulator/http/client.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "emulator/base/certificate.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "tests/http/live.hpp"

using namespace emu;
using namespace emu::test;
using namespace std::chrono_literals;

namespace {
std::promise<void> resolver_may_go_on;
}

// A name server that does not answer, for one name.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  if (node && std::string_view(node) == "stalls.test") {
    resolver_may_go_on.get_future().wait();
    return EAI_FAIL;
  }
  using Real = decltype(&getaddrinfo);
  static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, found);
}

namespace {
// What the system is made to trust in this program: set before anybody asks.
struct Trust {
  Trust() {
    const auto now = RealClock().now();
    const std::string_view names[] = {"DNS:localhost"};
    trusted = self_signed({"emu in tests", "serverAuth", names}, now - 1h, now + 1h);
    other = self_signed({"emu in tests", "serverAuth", names}, now - 1h, now + 1h);
    const auto file = folder.path() / "trusted.pem";
    std::ofstream(file) << trusted.certificate;
    ::setenv("SSL_CERT_FILE", file.c_str(), 1);
  }
  TemporaryDirectory folder;
  KeyedCertificate trusted, other;
};
const Trust trust;

http::Certificates showing(const KeyedCertificate& certificate) {
  return [certificate] { return std::optional(http::Certificate{certificate.certificate, certificate.key}); };
}

http::Fetched fetched(std::string url, http::Request request = {.method = "GET"}, Duration patience = 10s) {
  asio::io_context io;
  std::optional<http::Fetched> out;
  auto go = [&]() -> awaitable<void> { out = co_await http::fetch(url, request, patience); };
  asio::co_spawn(io, go, [](std::exception_ptr) {});
  while (!out) io.run_one();
  return std::move(*out);
}

// Takes one request and keeps its head.
struct Backend {
  explicit Backend(std::string answer) {
    acceptor.listen();
    thread = std::jthread([this, answer = std::move(answer)] {
      auto socket = acceptor.accept();
      boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n");
      boost::asio::write(socket, boost::asio::buffer(answer));
    });
  }
  std::string url(const std::string& path) {
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + path;
  }
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}, false};
  std::string head;
  std::jthread thread;
};
}  // namespace

TEST_CASE("a backend sees repeated headers each, one Host, and none that was smuggled in") {
  Backend backend("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-A: 2\r\n\r\nok");
  http::Request request{.method = "GET"};
  for (const auto& [name, value] : {std::pair{"Accept", "a/b"},
                                    {"Accept", "c/d"},
                                    {"X-Bad", "a\r\nX-Injected: 1"},
                                    {"X\r\nX-Injected", "2"},
                                    {"Host", "named"}})
    request.headers.add(name, value);
  const auto got = fetched(backend.url("/x?y=1"), request);
  backend.thread.join();
  REQUIRE(got.response);
  CHECK(got.response->body == "ok");
  int twice = 0;
  for (const auto& header : got.response->headers) twice += header.name == "X-A";
  CHECK(twice == 2);
  CHECK(backend.head.starts_with("GET /x?y=1 HTTP/1.1\r\n"));
  CHECK(backend.head.find("\r\nHost: named\r\n") != std::string::npos);
  CHECK(backend.head.find("Accept: a/b\r\nAccept: c/d\r\n") != std::string::npos);
  CHECK(backend.head.find("Injected") == std::string::npos);
  CHECK(backend.head.find("Host: 127") == std::string::npos);
}

TEST_CASE("an address or a method that would break the request apart goes nowhere") {
  for (const auto* url : {"http://127.0.0.1:1/a b", "http://127.0.0.1:1/a\r\nX: y", "http://ho st/",
                          "ftp://a/", "http://", "http:///x"})
    CHECK_MESSAGE(!fetched(url).why.empty(), url);
  CHECK(fetched("http://127.0.0.1:1/", {.method = "GET / HTTP/1.1\r\nX: y"})
            .why.starts_with("this is no method"));
}

TEST_CASE("a name that is not resolved in time is late, and does not hold up who asked") {
  asio::io_context io;
  std::optional<http::Fetched> out;
  auto go = [&]() -> awaitable<void> {
    out = co_await http::fetch("http://stalls.test/", {.method = "GET"}, 20ms);
  };
  asio::co_spawn(io, go, [](std::exception_ptr) {});
  while (!out) io.run_one();
  CHECK(out->late);
  resolver_may_go_on.set_value();
}

TEST_CASE("a backend that does not answer in time is late") {
  asio::io_context io;
  asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
  const auto got =
      fetched("http://127.0.0.1:" + std::to_string(silent.local_endpoint().port()), {.method = "GET"}, 20ms);
  CHECK(got.late);
}

// Speaks TLS to one client after another, and says how many there were, what they asked for and showed.
struct TlsBackend {
  using Context = boost::asio::ssl::context;
  explicit TlsBackend(const KeyedCertificate& own, int answers_each = 1000) : each(answers_each) {
    context.use_certificate_chain(boost::asio::buffer(own.certificate));
    context.use_private_key(boost::asio::buffer(own.key), Context::pem);
    context.set_verify_mode(boost::asio::ssl::verify_peer);
    context.set_verify_callback([this](bool, boost::asio::ssl::verify_context& shown) {
      char name[100] = "";
      X509_NAME_get_text_by_NID(X509_get_subject_name(X509_STORE_CTX_get_current_cert(shown.native_handle())),
                                NID_commonName, name, sizeof name);
      certificate = name;
      return true;
    });
    acceptor.listen();
    thread = std::jthread([this] {
      while (!ending) serve();
    });
  }
  ~TlsBackend() {
    ending = true;
    asio::io_context last;
    asio::ip::tcp::socket(last).connect(acceptor.local_endpoint());
  }
  void serve() {
    boost::system::error_code failed;
    boost::asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
    acceptor.accept(stream.lowest_layer(), failed);
    if (failed || ending) return;
    stream.handshake(boost::asio::ssl::stream_base::server, failed);
    if (failed) return;
    ++connections;
    if (const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name))
      asked_for = name;
    for (int i = 0; i < each; ++i) {
      std::string head;
      boost::asio::read_until(stream, boost::asio::dynamic_buffer(head), "\r\n\r\n", failed);
      if (failed) return;
      boost::asio::write(stream, boost::asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 40),
                         failed);
    }
  }
  std::string url() { return "https://localhost:" + std::to_string(acceptor.local_endpoint().port()) + "/"; }
  const int each;
  asio::io_context io;
  Context context{Context::tls_server};
  asio::ip::tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}, false};
  std::atomic<bool> ending = false;
  std::atomic<int> connections = 0;
  std::string asked_for, certificate;
  std::jthread thread;
};

// Several requests of one loop.
std::vector<http::Fetched> fetched_in_turn(int count, const std::string& url, http::TlsChoices tls = {},
                                           std::string method = "GET") {
  asio::io_context io;
  std::vector<http::Fetched> out;
  auto go = [&]() -> awaitable<void> {
    for (int i = 0; i < count; ++i)
      out.push_back(co_await http::fetch(url, {.method = method}, 10s, http::kLargestAnswer, tls));
  };
  asio::co_spawn(io, go, [](std::exception_ptr) {});
  while (static_cast<int>(out.size()) < count) io.run_one();
  return out;
}

TEST_CASE("requests of a loop to one place share a connection over TLS, and outlive its end") {
  TlsBackend steady(trust.trusted);
  for (const auto& got : fetched_in_turn(5, steady.url())) CHECK_MESSAGE(got.response, got.why);
  CHECK(steady.connections == 1);
  CHECK(steady.asked_for == "localhost");
  CHECK(steady.certificate.empty());
  TlsBackend hasty(trust.trusted, 2);
  for (const auto& got : fetched_in_turn(5, hasty.url())) CHECK_MESSAGE(got.response, got.why);
  CHECK(hasty.connections == 3);
}

TEST_CASE("what is agreed on over TLS is as the request wants it") {
  TlsBackend untrusted(trust.other);
  const auto ask = [&](http::TlsChoices tls) {
    return fetched_in_turn(1, untrusted.url(), std::move(tls))[0];
  };
  CHECK_FALSE(ask({}).response);
  CHECK(ask({.any_issuer = true}).response);
  CHECK_FALSE(ask({.any_issuer = true, .server_name = "other.example"}).response);
  TlsBackend trusted(trust.trusted);
  const auto own = self_signed({"ApiGateway", "clientAuth"}, RealClock().now() - 1h, RealClock().now() + 1h);
  const auto got = fetched_in_turn(1, trusted.url(), {.certificate = own.certificate, .key = own.key})[0];
  CHECK_MESSAGE(got.response, got.why);
  CHECK(trusted.certificate == "ApiGateway");
  CHECK_FALSE(fetched_in_turn(1, trusted.url(), {.certificate = "none", .key = "none"})[0].response);
}

TEST_CASE("a backend is reached over TLS if its certificate is trusted and names it") {
  Live live(echo, {}, showing(trust.trusted));
  const auto port = std::to_string(live.port);
  http::Request request{.method = "POST"};
  request.body = "over TLS";
  const auto got = fetched("https://localhost:" + port + "/a?b=c", request);
  REQUIRE_MESSAGE(got.response, got.why);
  CHECK(got.response->status == 201);
  CHECK(got.response->body == "POST /a?b=c over TLS");
  CHECK_MESSAGE(!fetched("https://127.0.0.1:" + port + "/").response, "the certificate does not name it");
}

TEST_CASE("a backend whose certificate nobody trusts is not spoken to") {
  std::atomic<int> reached = 0;
  Live live(
      [&](http::Request request) {
        ++reached;
        return echo(std::move(request));
      },
      {}, showing(trust.other));
  const auto got = fetched("https://localhost:" + std::to_string(live.port) + "/");
  CHECK_FALSE(got.response);
  CHECK(got.why.find("certificate verify failed") != std::string::npos);
  CHECK(reached == 0);
}

TEST_CASE("one port speaks plain HTTP and TLS, and the certificate is not asked for before it is needed") {
  std::atomic<int> asked = 0;
  Live live(echo, {.stalled = 10s}, [&]() -> std::optional<http::Certificate> {
    ++asked;
    return http::Certificate{trust.trusted.certificate, trust.trusted.key};
  });
  const auto port = std::to_string(live.port);
  CHECK(fetched("http://localhost:" + port + "/").response->body == "GET / ");
  CHECK(asked == 0);
  for (int i = 0; i < 3; ++i) CHECK(fetched("https://localhost:" + port + "/").response->body == "GET / ");
  CHECK(asked == 1);
}

TEST_CASE("a client of TLS that says no more than hello is given up") {
  Live live(echo, {.stalled = 500ms}, showing(trust.trusted));
  Talk talk(live.port);
  talk.say("\x16\x03\x01");
  CHECK(talk.hear_all().empty());
}

TEST_CASE("a client of TLS that says good-bye while its handler waits is gone") {
  using boost::asio::ssl::context;
  for (const auto version : {context::tlsv13_client, context::tlsv12_client}) {
    std::promise<void> waiting, gone;
    Live live(
        [&](http::Request request) -> awaitable<http::Response> {
          auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
          request.peer->when_gone([&gone, wakeup] {
            gone.set_value();
            wakeup->signal();
          });
          waiting.set_value();
          RealClock clock;
          co_await clock.wait(wakeup, kNever);
          co_return http::text_response(200, "to nobody");
        },
        {}, showing(trust.trusted));
    asio::io_context io;
    context of_client(version);
    boost::asio::ssl::stream<asio::ip::tcp::socket> stream(io, of_client);
    stream.lowest_layer().connect({asio::ip::address_v4::loopback(), live.port});
    stream.handshake(boost::asio::ssl::stream_base::client);
    boost::asio::write(stream, boost::asio::buffer(std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
    waiting.get_future().wait();
    std::jthread ending([&] {
      boost::system::error_code ignored;
      stream.shutdown(ignored);
    });
    CHECK(gone.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  }
}
