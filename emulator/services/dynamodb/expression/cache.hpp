// Parsed expressions by their text: programs send the same few texts for ever. Bounded; when full it starts
// afresh, which costs one parse per text in use. Safe from any thread. Only well-formed texts are kept.
#pragma once
#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "emulator/services/dynamodb/expression/parser.hpp"

namespace emu::dynamodb::expression {
template <class Tree>
class Cache {
 public:
  using Shared = std::shared_ptr<const Parsed<Tree>>;
  using Parse = Parsed<Tree> (*)(std::string_view, const ExpressionVoice&);
  explicit Cache(Parse parse, std::size_t limit = 1000) : parse_(parse), limit_(limit) {}

  Shared get(std::string_view text, const ExpressionVoice& voice) {
    {
      const std::shared_lock hold(mutex_);
      if (const auto it = by_text_.find(text); it != by_text_.end()) return it->second;
    }
    auto parsed = std::make_shared<const Parsed<Tree>>(parse_(text, voice));
    const std::lock_guard hold(mutex_);
    if (by_text_.size() >= limit_) by_text_.clear();
    by_text_.emplace(text, parsed);
    return parsed;
  }
  std::size_t size() const {
    const std::shared_lock hold(mutex_);
    return by_text_.size();
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  const Parse parse_;
  const std::size_t limit_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Shared, Hash, std::equal_to<>> by_text_;
};
}  // namespace emu::dynamodb::expression
