#include "emulator/http/client.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <cerrno>
#include <list>
#include <memory>

#include "emulator/base/text.hpp"

namespace emu::http {
namespace beast = boost::beast;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {
beast::http::request<beast::http::string_body> to_beast(const Request& request, const std::string& host,
                                                        bool keep = false) {
  beast::http::request<beast::http::string_body> out;
  out.method_string(request.method);
  out.target(request.target);
  out.set(beast::http::field::host, host);
  for (const auto& header : request.headers) {
    if (!is_header_name(header.name) || !is_header_value(header.value)) continue;
    if (same_text(header.name, "host"))
      out.set(header.name, header.value);
    else
      out.insert(header.name, header.value);
  }
  out.body() = request.body;
  out.keep_alive(keep);
  out.prepare_payload();
  return out;
}
}  // namespace

awaitable<int> send(std::string address, std::uint16_t port, const Request& request, Duration patience) {
  error_code failed;
  const auto ip = boost::asio::ip::make_address(address, failed);
  if (failed) co_return kNobody;
  const auto done = [&] { return boost::asio::redirect_error(boost::asio::use_awaitable, failed); };
  beast::tcp_stream stream(co_await boost::asio::this_coro::executor);
  stream.expires_after(patience);
  co_await stream.async_connect(tcp::endpoint(ip, port), done());
  if (failed) co_return kNobody;
  auto out = to_beast(request, address + ":" + std::to_string(port));
  co_await beast::http::async_write(stream, out, done());
  if (failed) co_return 0;
  beast::flat_buffer buffer;
  beast::http::response<beast::http::string_body> reply;
  co_await beast::http::async_read(stream, buffer, reply, done());
  co_return failed ? 0 : static_cast<int>(reply.result_int());
}

namespace {
struct Url {
  bool secure = false;
  std::string host, port, target;
};
std::optional<Url> taken_apart(std::string_view url) {
  static constexpr std::string_view kPlain = "http://", kSecure = "https://";
  const bool secure = url.starts_with(kSecure);
  if (!secure && !url.starts_with(kPlain)) return std::nullopt;
  // Whatever else would end the request line early.
  if (std::ranges::any_of(url, [](unsigned char c) { return c <= 0x20 || c == 0x7f; })) return std::nullopt;
  url.remove_prefix(secure ? kSecure.size() : kPlain.size());
  const auto slash = std::min(url.find_first_of("/?"), url.size());
  auto authority = url.substr(0, slash);
  auto target = std::string(url.substr(slash));
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  const auto colon = authority.rfind(':');
  const bool port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  auto host = port ? authority.substr(0, colon) : authority;
  const auto number = port ? authority.substr(colon + 1) : std::string_view(secure ? "443" : "80");
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return std::nullopt;
  return Url{secure, std::string(host), std::string(number), std::move(target)};
}

// The Host of a request to it.
std::string authority_of(const Url& url) {
  const auto host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  return url.port == (url.secure ? "443" : "80") ? host : host + ":" + url.port;
}

Response from_beast(beast::http::response<beast::http::string_body> in) {
  Response out{static_cast<int>(in.result_int()), {}, std::move(in.body())};
  for (const auto& field : in) {
    const auto name = field.name_string(), value = field.value();
    out.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  return out;
}

// A resolver cannot be called back while it asks: it is left to itself when the time is over.
struct Resolving {
  explicit Resolving(const boost::asio::any_io_executor& on) : resolver(on), timer(on) {}
  tcp::resolver resolver;
  boost::asio::steady_timer timer;
  bool answered = false;
  error_code failed;
  tcp::resolver::results_type found;
};
awaitable<std::shared_ptr<Resolving>> resolve(const Url& url, Duration patience) {
  const auto out = std::make_shared<Resolving>(co_await boost::asio::this_coro::executor);
  out->timer.expires_after(patience);
  out->resolver.async_resolve(url.host, url.port,
                              [out](error_code failed, tcp::resolver::results_type found) {
                                out->answered = true;
                                out->failed = failed;
                                out->found = std::move(found);
                                out->timer.cancel();
                              });
  error_code ignored;
  if (!out->answered)
    co_await out->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  if (!out->answered) out->failed = beast::error::timeout;
  co_return out;
}

// Certificates are held against what the system trusts; SSL_CERT_FILE and SSL_CERT_DIR add to it.
boost::asio::ssl::context& trusting() {
  static boost::asio::ssl::context context = [] {
    boost::asio::ssl::context made(boost::asio::ssl::context::tls_client);
    made.set_options(boost::asio::ssl::context::no_tlsv1 | boost::asio::ssl::context::no_tlsv1_1);
    made.set_verify_mode(boost::asio::ssl::verify_peer);
    error_code ignored;
    made.set_default_verify_paths(ignored);
    return made;
  }();
  return context;
}

constexpr std::uint32_t kHeaderLimit = 64 * 1024;  // of a backend's answer; API Gateway takes 10 KiB

struct Exchange {
  const Request& request;
  beast::http::request<beast::http::string_body> out;
  std::uint64_t body_limit;
  bool keeps = false, nothing_came = false;  // told: whether another request may follow; of a failure
};
template <class Stream>
awaitable<Fetched> exchange(Stream& stream, Exchange& with) {
  error_code failed;
  const auto done = [&] { return boost::asio::redirect_error(boost::asio::use_awaitable, failed); };
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(with.body_limit);
  parser.header_limit(kHeaderLimit);
  if (with.request.method == "HEAD") parser.skip(true);
  beast::flat_buffer buffer;
  co_await beast::http::async_write(stream, with.out, done());
  if (!failed) co_await beast::http::async_read(stream, buffer, parser, done());
  with.nothing_came = failed && !parser.got_some();
  if (failed) co_return Fetched{.late = failed == beast::error::timeout, .why = failed.message()};
  with.keeps = parser.keep_alive() && buffer.size() == 0;
  co_return Fetched{from_beast(parser.release())};
}

using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Moment = boost::asio::steady_timer::time_point;

Moment moment_in(const boost::asio::any_io_executor& on, Duration later) {
  return boost::asio::steady_timer(on, later).expiry();
}

// TLS connections that wait for their next request, since a handshake costs more than all else of one. One
// store per loop, which dies with it; used on the loop's own thread only.
class Connections final : public boost::asio::execution_context::service {
 public:
  using key_type = Connections;  // spelled as Asio wants it
  inline static boost::asio::execution_context::id id;
  explicit Connections(boost::asio::execution_context& loop) : service(loop) {}
  static Connections& of(const boost::asio::any_io_executor& on) {
    return boost::asio::use_service<Connections>(boost::asio::query(on, boost::asio::execution::context));
  }

  // One that its server has left open, as far as can be seen; null: none. `place`: where it leads, and how.
  std::unique_ptr<TlsStream> take(const std::string& place, Moment now) {
    drop_old(now);
    const auto at = std::ranges::find(kept_, place, &Kept::place);
    if (at == kept_.end()) return nullptr;
    auto out = std::move(at->stream);
    kept_.erase(at);
    char byte = 0;  // an end, or an alert
    const auto got =
        ::recv(beast::get_lowest_layer(*out).socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? std::move(out) : nullptr;
  }
  void keep(std::string place, std::unique_ptr<TlsStream> stream, Moment until) {
    beast::get_lowest_layer(*stream).expires_never();
    kept_.push_back({std::move(place), std::move(stream), until});
  }

 private:
  void shutdown() override { kept_.clear(); }
  void drop_old(Moment now) {
    static constexpr std::size_t kMost = 64;
    while (!kept_.empty() && (kept_.front().until < now || kept_.size() > kMost)) kept_.pop_front();
  }
  struct Kept {
    std::string place;
    std::unique_ptr<TlsStream> stream;
    Moment until;
  };
  std::list<Kept> kept_;  // the oldest first
};
constexpr Duration kIdle = std::chrono::seconds(4);  // servers begin to close at 5 s, as Node's does

// What AWS passes over where the issuer does not matter: dates and names still do.
bool is_of_issuer(int error) {
  return error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT || error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
         error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE || error == X509_V_ERR_CERT_UNTRUSTED;
}

// False: they are none, or do not belong together.
bool show_certificate(SSL* ssl, const TlsChoices& tls) {
  const auto bio = [](const std::string& text) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>(
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  };
  const auto certificate = bio(tls.certificate), key = bio(tls.key);
  const std::unique_ptr<X509, decltype(&X509_free)> read(
      PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> secret(
      PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  return read && secret && SSL_use_certificate(ssl, read.get()) == 1 &&
         SSL_use_PrivateKey(ssl, secret.get()) == 1;
}

awaitable<error_code> shake_hands(TlsStream& stream, const std::string& host, const TlsChoices& tls) {
  error_code failed;
  const auto name = tls.server_name.empty() ? host : tls.server_name;
  // The name that is asked for; an address is none (RFC 6066 3).
  boost::asio::ip::make_address(name, failed);
  if (failed && SSL_set_tlsext_host_name(stream.native_handle(), name.c_str()) != 1)
    co_return boost::asio::error::invalid_argument;
  if (!tls.certificate.empty() && !show_certificate(stream.native_handle(), tls))
    co_return boost::asio::error::invalid_argument;
  const auto verify = [name, any = tls.any_issuer](bool fine, boost::asio::ssl::verify_context& context) {
    fine = fine || (any && is_of_issuer(X509_STORE_CTX_get_error(context.native_handle())));
    return boost::asio::ssl::host_name_verification(name)(fine, context);
  };
  stream.set_verify_callback(verify, failed);
  co_await stream.async_handshake(boost::asio::ssl::stream_base::client,
                                  boost::asio::redirect_error(boost::asio::use_awaitable, failed));
  co_return failed;
}

bool may_be_repeated(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS";
}
}  // namespace

awaitable<Fetched> fetch(std::string url, Request request, Duration patience, std::uint64_t body_limit,
                         TlsChoices tls) {
  const auto to = taken_apart(url);
  if (!to) co_return Fetched{.why = "this is no http:// or https:// address: " + url};
  if (!is_header_name(request.method)) co_return Fetched{.why = "this is no method: " + request.method};
  const boost::asio::any_io_executor on = co_await boost::asio::this_coro::executor;
  request.target = to->target;
  Exchange with{request, to_beast(request, authority_of(*to), to->secure), body_limit};
  const auto place =
      fmt::format("{}\n{}\n{}\n{}\n{}", to->host, to->port, tls.any_issuer, tls.server_name, tls.certificate);
  if (auto kept = to->secure ? Connections::of(on).take(place, moment_in(on, {})) : nullptr) {
    beast::get_lowest_layer(*kept).expires_after(patience);
    auto got = co_await exchange(*kept, with);
    if (with.keeps) Connections::of(on).keep(place, std::move(kept), moment_in(on, kIdle));
    // Its server may have closed it just now.
    if (!with.nothing_came || got.late || !may_be_repeated(request.method)) co_return got;
  }
  error_code failed;
  const auto ended = [&] {
    return Fetched{.late = failed == beast::error::timeout, .why = failed.message()};
  };
  const auto resolved = co_await resolve(*to, patience);
  failed = resolved->failed;
  if (failed) co_return ended();
  beast::tcp_stream stream(on);
  stream.expires_at(resolved->timer.expiry());  // cancelled or not, it says when the time is over
  co_await stream.async_connect(resolved->found,
                                boost::asio::redirect_error(boost::asio::use_awaitable, failed));
  if (failed) co_return ended();
  if (!to->secure) co_return co_await exchange(stream, with);
  auto secure = std::make_unique<TlsStream>(std::move(stream), trusting());
  failed = co_await shake_hands(*secure, to->host, tls);
  if (failed) co_return ended();
  auto got = co_await exchange(*secure, with);
  if (with.keeps) Connections::of(on).keep(place, std::move(secure), moment_in(on, kIdle));
  co_return got;
}

std::optional<Response> call(std::uint16_t port, const Request& request) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  error_code failed;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, failed);
  if (failed) return std::nullopt;
  auto out = to_beast(request, "127.0.0.1:" + std::to_string(port));
  beast::http::write(socket, out, failed);
  if (failed) return std::nullopt;
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(boost::none);
  beast::http::read(socket, buffer, parser, failed);
  if (failed) return std::nullopt;
  return from_beast(parser.release());
}
}  // namespace emu::http
