// A queue as it is on disk and as GetQueueAttributes shows it. Its messages have rows of their own
// (message_rows.hpp).
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace emu::sqs {
// On disk: members may be added as optional ones, never renamed.
struct QueueRecord {
  std::uint64_t StorageId = 0;                    // the first part of the keys of its messages
  std::map<std::string, std::string> Attributes;  // those that were set, as they are answered
  std::map<std::string, std::string> Tags;
  std::int64_t Created = 0, Modified = 0;  // microseconds since the epoch
  std::optional<std::int64_t> Purged;      // the last PurgeQueue
  std::uint64_t PurgedThrough = 0;  // it has no message with this sequence number, nor with a lower one
  // FIFO: the scope of deduplication is the one of the queue's creation, whatever the attribute says later
  // (spec-sqs 11).
  bool DeduplicatesPerGroup = false;
};
BOOST_DESCRIBE_STRUCT(QueueRecord, (),
                      (StorageId, Attributes, Tags, Created, Modified, Purged, PurgedThrough,
                       DeduplicatesPerGroup))
}  // namespace emu::sqs
