// JSON written straight into a string, for the event: one pass, no document in between.
#pragma once
#include <string>
#include <string_view>

namespace emu::gateway {
// Appends a JSON string; bytes that are not UTF-8 become U+FFFD, so that the result is always JSON.
void append_quoted(std::string& out, std::string_view text);

// Writes one object. Members appear in order of writing; end() closes it.
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  std::string& key(std::string_view name) {  // the caller appends the value
    if (!first_) out_ += ',';
    first_ = false;
    append_quoted(out_, name);
    return out_ += ':';
  }
  void text(std::string_view name, std::string_view value) { append_quoted(key(name), value); }
  void raw(std::string_view name, std::string_view json) { key(name) += json; }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};
}  // namespace emu::gateway
