#include "emulator/http/server.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <set>

#include "emulator/base/guarded.hpp"
#include "emulator/base/log.hpp"
#include "emulator/base/text.hpp"
#include "emulator/http/connection.hpp"
#include "emulator/http/request_parser.hpp"
#include "emulator/http/response_text.hpp"

namespace emu::http {
namespace beast = boost::beast;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {
// A longer body is sent from where it is.
constexpr std::size_t kCopied = 16 * 1024;
constexpr auto kAcceptAgain = std::chrono::milliseconds(5);

// While it lives, a connection can be asked how far it has come.
class Watched {
 public:
  Watched(Connection& c, std::function<Progress()> progress) : connection_(c) {
    connection_.progress = std::move(progress);
  }
  ~Watched() { connection_.progress = nullptr; }
  Watched(const Watched&) = delete;

 private:
  Connection& connection_;
};

// The body of a request whose handler reads it while it arrives.
class Incoming final : public IncomingBody {
 public:
  Incoming(std::shared_ptr<Connection> c, beast::flat_buffer& buffer, RequestParser& parser)
      : connection_(std::move(c)), buffer_(buffer), parser_(parser) {
    parser_.body_limit(boost::none);
    parser_.eager(false);  // else it keeps a chunk until it has seen the head of the next
  }

  awaitable<std::optional<std::string>> next() override {
    auto& piece = parser_.request.body;
    while (piece.empty() && !failed_ && !parser_.is_done()) {
      co_await beast::http::async_read_some(connection_->wire, buffer_, parser_,
                                            asio::redirect_error(asio::use_awaitable, failed_));
    }
    if (!piece.empty()) co_return std::exchange(piece, {});
    co_return std::nullopt;
  }
  bool whole() const override { return !failed_ && parser_.is_done(); }
  const Headers& trailers() const override { return parser_.request.headers; }  // the others were taken
  bool keep_alive() const { return parser_.keep_alive(); }

 private:
  const std::shared_ptr<Connection> connection_;
  beast::flat_buffer& buffer_;
  RequestParser& parser_;
  error_code failed_;
};

// In API Gateway's words where it has any (spec-gateway 11): its balancer refuses such requests, too.
Response refusal(error_code failed) {
  if (failed == beast::http::error::body_limit)
    return json_response(413, R"({"message":"Request Entity Too Large"})");
  if (failed == beast::http::error::header_limit)
    return json_response(431, R"({"message":"Request Header Fields Too Large"})");
  return json_response(400, R"({"message":"Bad Request"})");
}
}  // namespace

// What of a request decides how its response is written.
struct Ask {
  unsigned version = 11;
  bool keep_alive = true, head = false;
  bool followed = false;  // by a request that is here already, and takes this answer along
};

struct Server::State : std::enable_shared_from_this<State> {
  State(Loops& l, Handler h, std::uint64_t limit) : loops(l), handler(std::move(h)), body_limit(limit) {}
  Loops& loops;
  const Handler handler;
  CutShort cut_short;
  Streams streams;
  std::string follower;  // begins the request whose answer takes others along
  Limits limits;
  Certificates certificates;
  Guarded<std::shared_ptr<asio::ssl::context>> tls;  // once there was somebody to speak it with
  const std::uint64_t body_limit;
  // Owned by accept(), whose coroutine ends on the acceptor's own loop; this may outlive that loop.
  std::weak_ptr<tcp::acceptor> acceptor;
  using Connections = std::set<std::shared_ptr<Connection>>;
  struct Open {
    bool stopped = false;
    Connections connections;
  };
  Guarded<Open> open;

  std::uint16_t accept_on(asio::any_io_executor home, const std::string& address, std::uint16_t port,
                          std::optional<asio::any_io_executor> loop);
  awaitable<void> accept(std::shared_ptr<tcp::acceptor> acceptor, std::optional<asio::any_io_executor> loop);
  static awaitable<void> tick(std::weak_ptr<State> of, Limits limits);
  awaitable<bool> agree(Connection& c);
  std::shared_ptr<asio::ssl::context> tls_context();
  awaitable<void> serve(std::shared_ptr<Connection> connection);
  awaitable<bool> read_head(Connection& c, beast::flat_buffer& buffer, RequestParser& parser);
  awaitable<bool> read_body(Connection& c, beast::flat_buffer& buffer, RequestParser& parser);
  awaitable<void> refuse(Connection& c, RequestParser& parser, error_code failed);
  awaitable<bool> serve_stream(std::shared_ptr<Connection> c, beast::flat_buffer& buffer,
                               RequestParser& parser, const std::string& client_ip);
  awaitable<bool> write(Connection& c, Response response, Ask ask);
  awaitable<bool> write_stream(Connection& c, Response response, Ask ask);
  template <class Pieces>
  awaitable<bool> send(Connection& c, const Pieces& pieces);
  awaitable<Response> answer(Request request);
  bool followed(const beast::flat_buffer& buffer) const {
    const std::string_view next(static_cast<const char*>(buffer.data().data()), buffer.size());
    return !follower.empty() && next.starts_with(follower) && next.contains("\r\n\r\n");
  }
};

awaitable<void> Server::State::accept(std::shared_ptr<tcp::acceptor> accepting,
                                      std::optional<asio::any_io_executor> loop) {
  auto self = shared_from_this();
  for (;;) {
    error_code failed;
    auto home = loop ? *loop : loops.next();
    tcp::socket socket =
        co_await accepting->async_accept(home, asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted || !accepting->is_open()) co_return;
    if (failed) {  // the peer left, or descriptors ran short: then the next try would fail at once, too
      asio::steady_timer pause(accepting->get_executor(), kAcceptAgain);
      error_code ignored;
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      continue;
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto connection = std::make_shared<Connection>(std::move(socket));
    if (limits.taken->fetch_add(1) >= limits.connections) {
      limits.taken->fetch_sub(1);
      continue;  // closed at once
    }
    const bool stopped = open.with([&](Open& o) {
      if (!o.stopped) o.connections.insert(connection);
      return o.stopped;
    });
    if (stopped) co_return;
    asio::co_spawn(home, serve(connection), [self, connection](std::exception_ptr) {
      self->open.with([&](Open& o) { o.connections.erase(connection); });
      self->limits.taken->fetch_sub(1);
    });
  }
}

// Every so often, whether each connection has come further.
awaitable<void> Server::State::tick(std::weak_ptr<State> of, Limits limits) {
  static constexpr unsigned kTicks = 4;  // in the time that a request has
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto idle = limits.idle == Duration{} ? std::numeric_limits<unsigned>::max()
                                              : static_cast<unsigned>(limits.idle * kTicks / limits.stalled);
  for (;;) {
    timer.expires_after(limits.stalled / kTicks);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto self = of.lock();
    if (!self) co_return;
    const auto now = self->open.with(
        [](const Open& o) { return o.stopped ? std::nullopt : std::optional(o.connections); });
    if (!now) co_return;
    for (const auto& c : *now) asio::post(c->wire.get_executor(), [c, idle] { c->tick(kTicks, idle); });
  }
}

// A ClientHello begins with the byte 22 (RFC 8446 5.1), which no method of HTTP does. False: the connection
// ends.
awaitable<bool> Server::State::agree(Connection& c) {
  error_code failed;
  const auto done = [&] { return asio::redirect_error(asio::use_awaitable, failed); };
  c.wire.socket.non_blocking(true, failed);
  char first = 0;
  do {
    co_await c.wire.socket.async_wait(tcp::socket::wait_read, done());
    if (!failed) c.wire.socket.receive(asio::buffer(&first, 1), tcp::socket::message_peek, failed);
  } while (failed == asio::error::would_block);  // woken for nothing
  static constexpr char kHandshake = 22;
  if (failed) co_return false;
  if (first != kHandshake) co_return true;
  std::shared_ptr<asio::ssl::context> context;
  try {
    context = tls_context();
  } catch (const std::exception& e) {
    log_fault("beginning TLS", e.what());
  }
  if (!context) co_return false;
  c.wire.tls = std::make_unique<Wire::Tls>(c.wire.socket, *context);
  co_await c.wire.tls->async_handshake(asio::ssl::stream_base::server, done());
  co_return !failed;
}

std::shared_ptr<asio::ssl::context> Server::State::tls_context() {
  return tls.with([&](std::shared_ptr<asio::ssl::context>& kept) {
    const auto certificate = kept ? std::nullopt : certificates();
    if (!certificate) return kept;
    auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    made->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    made->use_certificate_chain(asio::buffer(certificate->chain));
    made->use_private_key(asio::buffer(certificate->key), asio::ssl::context::pem);
    return kept = std::move(made);
  });
}

// Both read a part of a request, and answer what is wrong with it themselves. False: the connection ends.
awaitable<bool> Server::State::read_head(Connection& c, beast::flat_buffer& buffer, RequestParser& parser) {
  error_code failed;
  parser.body_limit(body_limit);
  parser.header_limit(kRequestHeaders);
  co_await beast::http::async_read_header(c.wire, buffer, parser,
                                          asio::redirect_error(asio::use_awaitable, failed));
  if (!failed && same_text(parser.request.headers.get("Expect"), "100-continue")) {
    const auto go_on = std::exchange(c.held, {}) + "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(c.wire, asio::buffer(go_on),
                               asio::redirect_error(asio::use_awaitable, failed));
  }
  if (!failed) co_return true;
  co_await refuse(c, parser, failed);
  co_return false;
}

awaitable<bool> Server::State::read_body(Connection& c, beast::flat_buffer& buffer, RequestParser& parser) {
  if (parser.is_done()) co_return true;
  error_code failed;
  co_await beast::http::async_read(c.wire, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
  if (!failed) co_return true;
  co_await refuse(c, parser, failed);
  co_return false;
}

awaitable<void> Server::State::refuse(Connection& c, RequestParser& parser, error_code failed) {
  if (cut_short && parser.is_header_done() && failed != beast::http::error::body_limit) {
    auto said = cut_short(parser.request);
    if (said) co_await write(c, std::move(*said), {.keep_alive = false});
    co_return;
  }
  static const auto& kMalformed = beast::http::make_error_code(beast::http::error::bad_method).category();
  const bool gone =
      failed == beast::http::error::end_of_stream || failed == beast::http::error::partial_message;
  if (gone || failed.category() != kMalformed) co_return;
  co_await write(c, refusal(failed), {.keep_alive = false});
  c.wire.socket.shutdown(tcp::socket::shutdown_send, failed);
}

awaitable<Response> Server::State::answer(Request request) {
  try {
    co_return co_await handler(std::move(request));
  } catch (const std::exception& e) {
    log_fault("answering a request", e.what());
    co_return text_response(500, "Internal Server Error\n");
  }
}

// What the handler left unread is read and dropped: a peer that still sends would not see the answer.
awaitable<bool> Server::State::serve_stream(std::shared_ptr<Connection> c, beast::flat_buffer& buffer,
                                            RequestParser& parser, const std::string& client_ip) {
  auto request = std::exchange(parser.request, {});
  request.client_ip = client_ip;
  request.peer = c;
  auto body = std::make_shared<Incoming>(c, buffer, parser);
  request.stream = body;
  auto response = co_await answer(std::move(request));
  for (auto rest = co_await body->next(); rest;) rest = co_await body->next();
  const Ask ask{.keep_alive = body->whole() && body->keep_alive()};
  co_return co_await write(*c, std::move(response), ask) && ask.keep_alive;
}

awaitable<bool> Server::State::write(Connection& c, Response response, Ask ask) {
  response.status = sayable(response.status);
  if (response.stream && !ask.head) co_return co_await write_stream(c, std::move(response), ask);
  const bool framed = has_body(response.status), whole = framed && !ask.head;
  const bool apart = whole && response.body.size() > kCopied;
  auto text = std::exchange(c.held, {});
  append_head(text, response, framed ? Framing::length : Framing::none, ask.version, ask.keep_alive);
  if (whole && !apart) text += response.body;
  if (ask.followed && !apart && response.status < 300) {
    c.held = std::move(text);
    co_return true;
  }
  const std::array<asio::const_buffer, 2> pieces{asio::buffer(text),
                                                 apart ? asio::buffer(response.body) : asio::const_buffer()};
  co_return co_await send(c, pieces);
}

// What a socket takes at once needs no turn of the loop.
template <class Pieces>
awaitable<bool> Server::State::send(Connection& c, const Pieces& pieces) {
  error_code failed;
  c.writing = true;
  const auto sent = c.wire.try_write(pieces, failed);
  if (!failed && sent < asio::buffer_size(pieces)) {
    beast::buffers_suffix<Pieces> rest(pieces);
    rest.consume(sent);
    co_await asio::async_write(c.wire, rest, asio::redirect_error(asio::use_awaitable, failed));
  }
  c.writing = false;
  co_return !failed;
}

// Each piece as a chunk when it comes; to HTTP/1.0, up to the end of the connection.
awaitable<bool> Server::State::write_stream(Connection& c, Response response, Ask ask) {
  const auto source = std::move(response.stream);
  const bool framed = has_body(response.status), chunked = framed && ask.version == 11;
  const bool keep_alive = ask.keep_alive && (chunked || !framed);
  auto head = std::exchange(c.held, {});
  append_head(head, response, chunked ? Framing::chunked : Framing::none, ask.version, keep_alive);
  bool taken = co_await send(c, asio::buffer(head));
  if (!framed) source->abandon();
  while (taken && framed) {
    const auto piece = co_await source->next();
    if (!piece) break;
    if (piece->empty()) continue;
    if (chunked)
      taken = co_await send(c, beast::http::make_chunk(asio::buffer(*piece)));
    else
      taken = co_await send(c, asio::buffer(*piece));
  }
  if (taken && chunked) taken = co_await send(c, beast::http::make_chunk_last());
  if (!taken) source->abandon();
  co_return taken&& keep_alive;
}

awaitable<void> Server::State::serve(std::shared_ptr<Connection> c) {
  auto self = shared_from_this();
  error_code failed;
  const auto peer = c->wire.socket.remote_endpoint(failed);
  const auto client_ip = failed ? std::string() : peer.address().to_string();
  if (certificates) {
    const bool agreed = co_await agree(*c);
    if (!agreed) co_return;
  }
  beast::flat_buffer buffer;
  std::optional<RequestParser> parser;
  std::size_t requests = 0;
  const Watched watched(*c, [&] {
    return Progress{buffer.size() > 0 || (parser && parser->got_some()), requests,
                    parser ? parser->received : 0};
  });
  for (bool goes_on = true; goes_on; ++requests) {
    parser.emplace();
    c->reading = true;
    const bool begun = co_await read_head(*c, buffer, *parser);
    if (!begun) co_return;
    if (streams && parser->chunked() && streams(parser->request)) {
      c->reading = false;
      goes_on = co_await serve_stream(c, buffer, *parser, client_ip);
      continue;
    }
    const bool got = co_await read_body(*c, buffer, *parser);
    if (!got) co_return;
    c->reading = false;
    auto& request = parser->request;
    const Ask ask{.version = request.version == "HTTP/1.0" ? 10U : 11U,
                  .keep_alive = parser->keep_alive(),
                  .head = request.method == "HEAD",
                  .followed = parser->keep_alive() && followed(buffer)};
    request.client_ip = client_ip;
    request.peer = c;
    auto response = co_await answer(std::move(request));
    c->answered();
    const bool written = co_await write(*c, std::move(response), ask);
    goes_on = written && ask.keep_alive;
  }
  if (c->wire.tls) {
    c->reading = true;  // its turn: to say good-bye, too
    co_await c->wire.tls->async_shutdown(asio::redirect_error(asio::use_awaitable, failed));
  }
  c->wire.socket.shutdown(tcp::socket::shutdown_send, failed);
}

Server::Server(Loops& loops, Handler handler, std::uint64_t body_limit)
    : state_(std::make_shared<State>(loops, std::move(handler), body_limit)) {}

void Server::on_cut_short(CutShort told) { state_->cut_short = std::move(told); }
void Server::on_stream(Streams asked) { state_->streams = std::move(asked); }
void Server::answer_together(std::string follower) { state_->follower = std::move(follower); }
void Server::limit(Limits limits) { state_->limits = limits; }
void Server::speak_tls(Certificates certificates) { state_->certificates = std::move(certificates); }

Server::~Server() { stop(); }

std::uint16_t Server::State::accept_on(asio::any_io_executor home, const std::string& address,
                                       std::uint16_t port, std::optional<asio::any_io_executor> loop) {
  const tcp::endpoint at(asio::ip::make_address(address), port);
  auto bound = std::make_shared<tcp::acceptor>(home);
  bound->open(at.protocol());
  bound->set_option(tcp::acceptor::reuse_address(true));
  error_code failed;
  bound->bind(at, failed);
  if (!failed) bound->listen(4096, failed);
  if (failed == asio::error::address_in_use)
    throw PortInUse(fmt::format("port {} on {} is in use", port, address));
  if (failed) throw CannotListen(fmt::format("cannot listen on {}:{}: {}", address, port, failed.message()));
  const auto chosen = bound->local_endpoint().port();
  acceptor = bound;
  asio::co_spawn(home, accept(std::move(bound), std::move(loop)), asio::detached);
  if (limits.stalled != Duration{}) asio::co_spawn(home, tick(weak_from_this(), limits), asio::detached);
  return chosen;
}

std::uint16_t Server::listen(const std::string& address, std::uint16_t port) {
  return state_->accept_on(state_->loops.next(), address, port, std::nullopt);
}

bool Server::try_listen(const std::string& address, std::uint16_t port) try {
  listen(address, port);
  return true;
} catch (const std::exception&) {
  return false;
}

std::uint16_t Server::listen_on(asio::any_io_executor loop, const std::string& address, std::uint16_t port) {
  return state_->accept_on(loop, address, port, loop);
}

void Server::stop() {
  auto connections = state_->open.with([](State::Open& o) {
    o.stopped = true;
    return o.connections;
  });
  for (const auto& c : connections)
    asio::post(c->wire.get_executor(), [c] {
      error_code ignored;
      c->wire.socket.close(ignored);
    });
  if (const auto acceptor = state_->acceptor.lock())
    asio::post(acceptor->get_executor(), [weak = state_->acceptor] {
      error_code ignored;
      if (const auto open = weak.lock()) open->close(ignored);
    });
}
}  // namespace emu::http
