// Event patterns: which events a filter lets through (spec-lambda G.4; EventBridge's grammar,
// spec-events 2.4, has further operators, each a row of the table in pattern.cpp). Used by event source
// mappings. Compiled once and held by its user, matched often; a value, bounded in depth however the text or
// the event nests.
#pragma once
#include <memory>
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu {
class Pattern {
 public:
  // InvalidEventPatternException with EventBridge's reason; others put it in words of their own.
  static Result<Pattern> compile(std::string_view text);
  bool matches(const Json& event) const;
  bool names(std::string_view key) const;  // whether it asks for anything below this key of the event

  struct Node;

 private:
  explicit Pattern(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;
};
}  // namespace emu
