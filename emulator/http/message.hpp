// A request and a response as the rest of the program sees them: our own small structs, so that only
// server.cpp and client.cpp know Beast. Bodies are whole; header names compare without case and keep their
// order.
#pragma once
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

struct Request {
  std::string method;  // "POST"
  std::string target;  // as on the request line: path and query, still percent-encoded
  Headers headers;
  std::string body;
  std::string client_ip;
  std::string version = "HTTP/1.1";
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
};

Response text_response(int status, std::string body, std::string content_type = "text/plain");
Response json_response(int status, std::string body);

// "%2Fa+b" -> "/a+b"; with plus: "+" -> " " too (query strings and forms). Broken escapes stay as written.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
std::string percent_encode(std::string_view text);  // everything but A-Z a-z 0-9 - _ . ~
// Decoded name=value pairs in order of writing.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
}  // namespace emu::http
