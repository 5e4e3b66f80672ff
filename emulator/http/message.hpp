// A request and a response as the rest of the program sees them: our own small structs, so that only
// this folder knows Beast. Bodies are whole unless a stream says otherwise; header names compare
// without case and keep their order.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emu::http {
struct Header {
  std::string name, value;
};

class Headers {
 public:
  // The first value under this name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view{}); }
  void add(std::string name, std::string value) { rows_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value);  // replaces every earlier value
  void reserve(std::size_t n) { rows_.reserve(n); }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

 private:
  std::vector<Header> rows_;
};

// The other end of the connection a request came by, for who answers it late.
class Peer {
 public:
  virtual ~Peer() = default;
  // Calls gone() on the connection's loop if the peer hangs up before it is answered. Once per request.
  virtual void when_gone(std::function<void()> gone) = 0;
};

// A response's body, written while it comes into being. Used on the connection's loop.
class BodySource {
 public:
  virtual ~BodySource() = default;
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;  // none: the end
  virtual void abandon() {}  // the peer left, so nobody asks for more
};

// A request's body, read while it arrives.
class IncomingBody {
 public:
  virtual ~IncomingBody() = default;
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;  // none: the end
  virtual bool whole() const = 0;               // after the end: false, the peer broke off
  virtual const Headers& trailers() const = 0;  // after the end
};

struct Request {
  std::string method;  // "POST"
  std::string target;  // as on the request line: path and query, still percent-encoded
  Headers headers;
  std::string body;
  std::string client_ip;
  std::string version = "HTTP/1.1";
  std::shared_ptr<Peer> peer;                      // null: it did not come by a connection
  std::shared_ptr<IncomingBody> stream = nullptr;  // instead of `body`, where the server was told so
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {  // without '?'
    const auto at = target.find('?');
    return at == target.npos ? std::string_view{} : std::string_view(target).substr(at + 1);
  }
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::shared_ptr<BodySource> stream = nullptr;  // instead of `body`
};

Response text_response(int status, std::string body, std::string content_type = "text/plain");
Response json_response(int status, std::string body);

// "%2Fa+b" -> "/a+b"; with plus: "+" -> " " too (query strings and forms). Broken escapes stay as written.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
std::string percent_encode(std::string_view text);  // everything but A-Z a-z 0-9 - _ . ~
// A path's text as a path may hold it: what RFC 3986 has no place for is escaped, '/' stays.
std::string path_encode(std::string_view text);
inline constexpr std::size_t kLongestHeader = 60 * 1024;  // Beast counts in 16 bits; AWS takes 10 KiB
// Whether this can be a header: a token, and a value without what would break the message apart (RFC 9110 5).
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);
// Decoded name=value pairs in order of writing.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
}  // namespace emu::http
