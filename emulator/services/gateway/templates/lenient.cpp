#include "emulator/services/gateway/templates/lenient.hpp"

#include <cctype>

#include "emulator/base/bounded_json.hpp"

namespace emu::gateway {
namespace {
constexpr int kDeepest = 32;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  std::optional<Json> whole() {
    auto out = value(0);
    blanks();
    return pos_ == text_.size() && out && out->is_object() ? out : std::nullopt;
  }

 private:
  char peek() const { return pos_ < text_.size() ? text_[pos_] : '\0'; }
  void blanks() {
    while (std::isspace(static_cast<unsigned char>(peek()))) ++pos_;
  }
  bool accept(char c) {
    blanks();
    if (peek() != c) return false;
    ++pos_;
    return true;
  }

  std::optional<Json> value(int depth) {
    blanks();
    if (depth > kDeepest) return std::nullopt;
    if (accept('{')) return object(depth);
    if (accept('[')) return array(depth);
    if (peek() == '"' || peek() == '\'') {
      auto quoted_text = quoted();
      return quoted_text ? std::optional<Json>(std::move(*quoted_text)) : std::nullopt;
    }
    const auto word = bare();
    if (word.empty()) return std::nullopt;
    auto scalar = bounded_parse(word);
    return scalar.is_discarded() ? Json(word) : scalar;
  }

  std::optional<Json> object(int depth) {
    Json out = Json::object();
    if (accept('}')) return out;
    do {
      blanks();
      if (peek() == '}') break;  // behind a last comma
      const bool quote = peek() == '"' || peek() == '\'';
      const auto key = quote ? quoted() : std::optional(std::string(bare()));
      if (!key || key->empty() || !accept(':')) return std::nullopt;
      auto each = value(depth + 1);
      if (!each) return std::nullopt;
      out[*key] = std::move(*each);
    } while (accept(','));
    return accept('}') ? std::optional(std::move(out)) : std::nullopt;
  }

  std::optional<Json> array(int depth) {
    Json out = Json::array();
    if (accept(']')) return out;
    do {
      auto each = value(depth + 1);
      if (!each) return std::nullopt;
      out.push_back(std::move(*each));
    } while (accept(','));
    return accept(']') ? std::optional(std::move(out)) : std::nullopt;
  }

  std::optional<std::string> quoted() {
    const char quote = text_[pos_++];
    const auto from = pos_;
    while (pos_ < text_.size() && text_[pos_] != quote) pos_ += text_[pos_] == '\\' ? 2 : 1;
    if (pos_ >= text_.size()) return std::nullopt;
    const std::string inner(text_.substr(from, pos_++ - from));
    auto parsed = bounded_parse('"' + inner + '"');
    return parsed.is_string() ? parsed.get<std::string>() : inner;
  }

  std::string_view bare() {
    const auto from = pos_;
    while (pos_ < text_.size() &&
           std::string_view("{}[],:\"' \t\r\n").find(text_[pos_]) == std::string_view::npos)
      ++pos_;
    return text_.substr(from, pos_ - from);
  }

  std::string_view text_;
  std::size_t pos_ = 0;
};
}  // namespace

std::optional<Json> lenient_object(std::string_view text) { return Reader(text).whole(); }
}  // namespace emu::gateway
