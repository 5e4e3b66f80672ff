#include "emulator/services/lambda/mappings/shard_progress.hpp"

namespace emu::lambda {
ShardProgress::Page ShardProgress::read(std::string next, std::size_t records) {
  pages_.push_back({std::move(next), records});
  return first_ + pages_.size() - 1;
}

void ShardProgress::done(Page page) {
  auto& open = pages_[page - first_];
  --open.left;
  open.begun = true;
}

std::optional<std::string> ShardProgress::advance() {
  std::optional<std::string> out;
  for (; !pages_.empty() && pages_.front().left == 0; pages_.pop_front(), ++first_)
    out = std::move(pages_.front().next);
  return out;
}
}  // namespace emu::lambda
