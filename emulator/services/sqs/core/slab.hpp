// Things of one kind by number, and chains through them. A number is half a pointer, things never move, and
// an empty slab holds no memory: a queue keeps an entry per message in one.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace emu::sqs {
using Slot = std::uint32_t;
inline constexpr Slot kNone = 0xffffffff;

template <class T>
class Slab {
 public:
  T& operator[](Slot slot) { return (*chunks_[slot / kChunk])[slot % kChunk]; }
  const T& operator[](Slot slot) const { return (*chunks_[slot / kChunk])[slot % kChunk]; }
  std::size_t size() const { return used_; }

  Slot take(T value) {
    if (free_.empty()) grow();
    const Slot slot = free_.back();
    free_.pop_back();
    (*this)[slot] = std::move(value);
    ++used_;
    return slot;
  }
  void give_back(Slot slot) {
    free_.push_back(slot);
    if (--used_ == 0) *this = Slab();
  }

 private:
  static constexpr std::size_t kChunk = 64;
  void grow() {
    const auto first = static_cast<Slot>(chunks_.size() * kChunk);
    chunks_.push_back(std::make_unique<std::array<T, kChunk>>());
    for (auto n = static_cast<Slot>(kChunk); n > 0; --n) free_.push_back(first + n - 1);
  }
  std::vector<std::unique_ptr<std::array<T, kChunk>>> chunks_;
  std::vector<Slot> free_;
  std::size_t used_ = 0;
};

// A chain through two members of its things. A thing may be in several, by different members.
template <class T, Slot T::* Before, Slot T::* Behind>
struct Chain {
  Slot first = kNone, last = kNone;

  bool empty() const { return first == kNone; }
  void append(Slab<T>& slab, Slot slot) {
    slab[slot].*Before = last;
    slab[slot].*Behind = kNone;
    (last == kNone ? first : slab[last].*Behind) = slot;
    last = slot;
  }
  void remove(Slab<T>& slab, Slot slot) {
    const Slot before = slab[slot].*Before, behind = slab[slot].*Behind;
    (before == kNone ? first : slab[before].*Behind) = behind;
    (behind == kNone ? last : slab[behind].*Before) = before;
  }
};
}  // namespace emu::sqs
