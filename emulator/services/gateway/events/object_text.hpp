// JSON written straight into a string, for the event: one pass, no document in between.
#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "emulator/wire/json_text.hpp"

namespace emu::gateway {
// Writes one object. Members appear in order of writing; end() closes it.
class ObjectText {
 public:
  explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
  std::string& key(std::string_view name) {  // the caller appends the value
    wire::write_string(next(), name);
    return out_ += ':';
  }
  template <std::size_t N>
  std::string& key(const char (&literal)[N]) {  // as it stands: our own names hold nothing to escape
    std::array<char, N + 3> text{',', '"'};
    std::copy_n(literal, N - 1, text.begin() + 2);
    text[N + 1] = '"';
    text[N + 2] = ':';
    const std::size_t from = std::exchange(first_, false) ? 1 : 0;
    return out_.append(text.data() + from, text.size() - from);
  }
  void text(const auto& name, std::string_view value) { wire::write_string(key(name), value); }
  void raw(const auto& name, std::string_view json) { key(name) += json; }
  void end() { out_ += '}'; }

 private:
  std::string& next() {
    if (!std::exchange(first_, false)) out_ += ',';
    return out_;
  }
  std::string& out_;
  bool first_ = true;
};
}  // namespace emu::gateway
