// Log streams and their events: an index of streams in memory, in Space::log_streams, and the events by time
// in Space::log_events. Events of other services are gathered for a moment and written together. Used by the
// operations of this folder and by port.hpp. Any thread; one short lock around the index.
#pragma once
#include <map>

#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"

namespace emu::logs {
// On disk: members may be added as optional ones, never renamed. Times are epoch milliseconds.
struct Stream {
  std::string logStreamName;
  std::int64_t creationTime = 0;
  std::optional<std::int64_t> firstEventTimestamp, lastEventTimestamp, lastIngestionTime;
  std::int64_t storedBytes = 0;
};
BOOST_DESCRIBE_STRUCT(Stream, (),
                      (logStreamName, creationTime, firstEventTimestamp, lastEventTimestamp,
                       lastIngestionTime, storedBytes))

inline constexpr std::int64_t kEventOverhead = 26;  // bytes CloudWatch counts beside a message

// Where an event lies in its stream.
struct Place {
  std::int64_t timestamp = 0;
  std::uint64_t sequence = 0;  // of events of one millisecond: in the order they came
  auto operator<=>(const Place&) const = default;
};
struct Event {
  std::int64_t timestamp = 0, ingestion = 0;
  std::string message;
};
struct Group {
  Scope scope;
  std::string name;
  auto operator<=>(const Group&) const = default;
};

class Streams {
 public:
  Streams(storage::Engine& disk, Clock& clock)
      : disk_(disk), clock_(clock), records_(disk, storage::Space::log_streams) {}
  ~Streams();  // what was gathered is written
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  void load();
  void verify(Report& report);

  bool create(const Group& group, const std::string& name);  // false: it exists
  bool remove(const Group& group, const std::string& name);
  void remove_all(const Group& group);
  bool has(const Group& group, const std::string& name) const;
  std::vector<Stream> all(const Group& group) const;  // by name

  // False: there is no such stream.
  bool append(const Group& group, const std::string& stream, std::vector<Event> events);
  // The same, but a moment later; makes the stream.
  void gather(const Group& group, const std::string& stream, Event event);
  void write_gathered();
  void when_gathered(std::shared_ptr<Wakeup> wakeup);  // signals when there is something to write

  // The events of [from, to), in order of time or the other way round; false ends it. Written ones only.
  void read(const Group& group, const std::string& stream, Place from, Place to, bool forwards,
            const std::function<bool(Place, Event)>& visit) const;
  void forget_before(const Group& group, std::int64_t timestamp);

 private:
  struct State {
    std::map<Group, std::map<std::string, Stream>> groups;
    std::map<std::pair<Group, std::string>, std::vector<Event>> gathered;
    std::shared_ptr<Wakeup> wakeup;
    std::uint64_t last_sequence = 0;
  };
  void drop(State& state, const Group& group, const std::string& name);
  static storage::Key key_of(const Group& group, const std::string& stream);
  void write(State& state, storage::Batch& batch, const Group& group, const std::string& stream,
             std::vector<Event> events);
  storage::Engine& disk_;
  Clock& clock_;
  Records<Stream> records_;
  mutable Guarded<State> state_;
};
}  // namespace emu::logs
