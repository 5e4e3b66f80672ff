// How far a shard is done with, when parts of it are handled side by side: a page read counts when every
// record of it and of all before it is done with. Pure.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace emu::lambda {
class ShardProgress {
 public:
  using Page = std::uint64_t;
  // A page of so many records to be handled; `next`: the position behind it.
  Page read(std::string next, std::size_t records);
  void done(Page page);  // one record of it
  // The position that everything is done with up to, if it has moved on.
  std::optional<std::string> advance();
  bool idle() const { return pages_.empty(); }
  // Nothing is done with but what lies before the position.
  bool between_pages() const { return pages_.empty() || !pages_.front().begun; }

 private:
  struct Open {
    std::string next;
    std::size_t left;
    bool begun = false;
  };
  std::deque<Open> pages_;
  Page first_ = 0;  // the page at the front
};
}  // namespace emu::lambda
