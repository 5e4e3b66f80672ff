// One stream: what a table's writers append to and consumers read from, open or closed, for a day after each
// record (H). A record's sequence number is the microsecond of its change, or one more than the last if that
// is larger: it never goes back, tells the time, and makes trimming by age one range. Holds nothing of the
// records in memory. Writers hold their table's order from stage() to committed(), so that whoever sees a
// record has seen all before it.
#pragma once
#include <atomic>
#include <mutex>

#include "emulator/base/clock.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/dynamodb/streams/stream_record.hpp"

namespace emu::dynamodb {
inline constexpr auto kRetention = std::chrono::hours(24);  // Streams, developer guide: data retention
// As a position: before everything there is, however old.
inline constexpr std::uint64_t kOldest = 0;

// A stream's row on disk: it outlives its table. Members may be added as optional ones, never renamed.
struct StoredStream {
  std::uint64_t StorageId = 0;  // the first part of the keys of its records
  std::string StreamViewType;
  std::vector<dynamodb::KeySchemaElement> KeySchema;
  std::int64_t Created = 0;  // microseconds since the epoch
  std::string ShardId;
  std::uint64_t Starting = 0;  // the sequence number that the shard begins with; no record has it
  std::optional<std::uint64_t> Ending;
  std::optional<std::int64_t> Closed;
};
BOOST_DESCRIBE_STRUCT(StoredStream, (),
                      (StorageId, StreamViewType, KeySchema, Created, ShardId, Starting, Ending, Closed))

class Stream {
 public:
  Stream(storage::Engine& disk, Scope scope, std::string table, std::string label, StoredStream stored);
  const Scope scope;
  const std::string table, label, arn, view_type, shard_id;
  const std::uint64_t id;  // the first part of the keys of its records

  // Adds the record of a change to the batch that makes it.
  void stage(storage::Batch& batch, const Item* old, const Item* now, By by, Time time);
  // What was staged is written: whoever waits for it wakes up.
  void committed();

  // Its row once it is closed; in force with close(), when that is written. No writers in between.
  StoredStream closing(Time time);
  void close(StoredStream closed);

  struct Entry {
    std::uint64_t sequence = 0;
    StreamRecord record;
  };
  struct Page {
    std::vector<Entry> entries;
    std::uint64_t next = 0;  // the position to go on from
    bool full = false;       // a limit ended it: there is more
    bool ended = false;      // the stream is closed and this was the last of it
  };
  struct Limits {
    std::size_t records = 1000;  // GetRecords, API reference
    std::int64_t bytes = 1 << 20;
  };
  // The records from a position on. TrimmedDataAccessException if some that were there are gone.
  Result<Page> read(std::uint64_t position, Limits limits, Time time);
  std::uint64_t latest() const { return last_.load() + 1; }  // the position after the last record

  // Signals when there is something at this position or the stream is closed, perhaps at once. A wakeup
  // that its owner has let go of is forgotten.
  void notify(std::uint64_t position, const std::shared_ptr<Wakeup>& wakeup);

  // Erases what is older than the retention; short if there is nothing to erase.
  void trim(Time time);
  // The highest sequence number that was trimmed.
  std::uint64_t trimmed();
  bool expired(Time time);  // closed for so long that nothing is left
  StoredStream stored();
  storage::Range rows() const;  // its records and its trim mark

 private:
  struct State {
    StoredStream stored;
    std::uint64_t committed = 0;  // every record up to here is on disk or will never be
    std::uint64_t trimmed = 0;
    std::uint64_t oldest = 0;  // no record kept is older
    std::vector<std::weak_ptr<Wakeup>> waiting;
  };
  storage::Key row(std::uint64_t sequence) const;
  storage::Engine& disk_;
  const StreamView view_;
  std::vector<std::string> key_names_;
  std::atomic<std::uint64_t> last_;  // the sequence number given last
  std::mutex trimming_;
  Guarded<State> state_;
};

AwsError trimmed_data();
}  // namespace emu::dynamodb
