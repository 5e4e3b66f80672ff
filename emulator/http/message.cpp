#include "emulator/http/message.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "emulator/base/text.hpp"

namespace emu::http {
std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& row : rows_)
    if (row.name.size() == name.size() && same_text(row.name, name)) return row.value;
  return std::nullopt;
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(rows_, [&](const Header& h) { return same_text(h.name, name); });
  add(std::string(name), std::move(value));
}

Response text_response(int status, std::string body, std::string content_type) {
  Response out{status, {}, std::move(body)};
  out.headers.reserve(8);  // what dispatch and its callers add, too
  out.headers.add("Content-Type", std::move(content_type));
  return out;
}

Response json_response(int status, std::string body) {
  return text_response(status, std::move(body), "application/json");
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

namespace {
std::string escaped(std::string_view text, std::string_view marks) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    if (std::isalnum(c) || marks.find(static_cast<char>(c)) != marks.npos) {
      out += static_cast<char>(c);
    } else {
      out += {'%', digits[c >> 4], digits[c & 15]};
    }
  }
  return out;
}
}  // namespace

std::string percent_encode(std::string_view text) { return escaped(text, "-_.~"); }
std::string path_encode(std::string_view text) { return escaped(text, "-_.~!$&'()*+,;=:@/"); }

namespace {
enum : unsigned char { kNoToken = 1, kNoValue = 2 };
constexpr auto kUnfit = [] {
  std::array<unsigned char, 256> out{};
  for (std::size_t c = 0; c < out.size(); ++c)
    out[c] = kNoToken | ((c < 0x20 && c != '\t') || c == 0x7f ? kNoValue : 0);
  for (const unsigned char c :
       std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~"))
    out[c] = 0;
  return out;
}();
bool fits(std::string_view text, unsigned char unfit) {
  unsigned char found = 0;
  for (const unsigned char c : text) found |= kUnfit[c];
  return !(found & unfit) && text.size() <= kLongestHeader;
}
}  // namespace

bool is_header_name(std::string_view name) { return !name.empty() && fits(name, kNoToken); }
bool is_header_value(std::string_view value) { return fits(value, kNoValue); }

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!query.empty()) {
    const auto amp = std::min(query.find('&'), query.size());
    const auto part = query.substr(0, amp);
    const auto equals = part.find('=');
    if (!part.empty())
      out.emplace_back(percent_decode(part.substr(0, equals), true),
                       equals == part.npos ? "" : percent_decode(part.substr(equals + 1), true));
    query.remove_prefix(std::min(query.size(), amp + 1));
  }
  return out;
}
}  // namespace emu::http
