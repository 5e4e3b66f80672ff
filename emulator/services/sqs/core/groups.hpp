// The message groups of a queue that have messages, by the digest of their id. FIFO queues order by them,
// standard queues are fair between them.
#pragma once
#include <boost/unordered/unordered_flat_map.hpp>

#include <string_view>

#include "emulator/services/sqs/core/entry.hpp"

namespace emu::sqs {
// MD5 of an id, on disk and in memory: sixteen bytes, however long the id. Zero: none.
using Digest = std::array<std::uint64_t, 2>;
inline constexpr Digest kNoDigest{};
Digest digest_of(std::string_view id);  // kNoDigest of an empty one

struct Group {
  Digest name = kNoDigest;
  Waiting messages;  // FIFO: all of them in order. Standard: the parked ones
  std::uint32_t members = 0;
  std::uint32_t in_flight = 0;
  Slot before = kNone, behind = kNone;  // FIFO: in the chain of groups that have something to deliver
  bool ready = false;                   // FIFO: it is in that chain
};

class Groups {
 public:
  Group& operator[](Slot group) { return groups_[group]; }
  const Group& operator[](Slot group) const { return groups_[group]; }
  Slab<Group>& slab() { return groups_; }
  Slot join(const Digest& name);  // one member more; kNone for none
  void leave(Slot group);         // one less; the group is forgotten with its last

 private:
  struct Hash {
    std::size_t operator()(const Digest& d) const { return d[0]; }
  };
  Slab<Group> groups_;
  boost::unordered_flat_map<Digest, Slot, Hash> by_name_;
};
}  // namespace emu::sqs
