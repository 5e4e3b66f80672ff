// How services reach each other: by ARN, through small interfaces, never by including each other. Rules,
// subscriptions, dead-letter queues and destinations push to a Target; event source mappings and pipes read a
// StreamSource or a QueueSource. emulator/app.cpp fills a Ports at start-up.
#pragma once
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "emulator/api/poll.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/base/error.hpp"

namespace emu {
// What is handed to a Target. A function has the body as its payload, a queue as its message's; what a target
// has no place for it leaves.
struct Delivery {
  struct Attribute {
    std::string name, type, value;  // type: "String", "Number", "Binary"; Binary: the bytes themselves
  };
  std::string body;  // text of a JSON document, unless its source passes on what it was given
  std::vector<Attribute> attributes;
  std::string group_id, deduplication_id;  // for FIFO targets; a group also for fair queues
  std::string trace_id;                    // X-Amzn-Trace-Id of what it follows from
  std::string sender;                      // the SenderId of a queue's message
};

class Target {
 public:
  virtual ~Target() = default;
  // Hands it over; an error says it was not taken. `arn` names the resource within the service.
  virtual awaitable<Result<Done>> deliver(std::string arn, Delivery delivery) = 0;
};

// A queue as a source of events: messages are leased, and deleted or given back one by one. What is leased
// and neither comes back by itself after its visibility timeout. QueueDoesNotExist: no such queue.
class QueueSource {
 public:
  struct Settings {
    Duration visibility;
    bool fifo = false;
    std::string dead_letters = {};  // the ARN of its dead-letter queue; none: empty
  };
  using Outcomes = std::vector<std::optional<AwsError>>;  // by place; none: done
  virtual ~QueueSource() = default;
  virtual Result<Settings> settings(std::string_view arn) = 0;
  // At most so many records as they stand in the event of a Lambda function; their "receiptHandle" is what
  // the others want. Waits until there are some, at most so long; none then, and none once the poll is
  // abandoned.
  virtual awaitable<Result<Json>> receive(std::string arn, std::size_t most, Duration wait,
                                          std::shared_ptr<Poll> poll) = 0;
  virtual Result<Outcomes> remove(std::string_view arn, std::span<const std::string> handles) = 0;
  virtual Result<Outcomes> show_again(std::string_view arn, std::span<const std::string> handles,
                                      Duration after) = 0;
};

// A log that is kept for a while and read by position, by many who know nothing of each other: a table's
// stream. (A queue is something else: its messages are leased and deleted one by one.) A position is a text
// to be stored and given back, also after a restart. ResourceNotFoundException: no such stream or shard.
class StreamSource {
 public:
  enum class Start { oldest, latest };
  struct Page {
    Json records = Json::array();  // as they stand in the event of a Lambda function
    std::string next;              // the position to go on from
    bool ended = false;            // nothing follows, ever
  };
  virtual ~StreamSource() = default;
  virtual Result<std::vector<std::string>> shards(std::string_view stream) = 0;  // parents before children
  virtual Result<std::string> position(std::string_view stream, std::string_view shard, Start start) = 0;
  // At most so many records, perhaps none. TrimmedDataAccessException: what was there has been dropped; go on
  // from Start::oldest.
  virtual awaitable<Result<Page>> read(std::string stream, std::string shard, std::string position,
                                       std::size_t most) = 0;
  // Signals the wakeup when there may be something to read at the position, perhaps at once. Letting go of
  // the wakeup ends the interest in it.
  virtual Result<Done> notify(std::string_view stream, std::string_view shard, std::string_view position,
                              std::shared_ptr<Wakeup> wakeup) = 0;
};

class Ports {
 public:
  void serve(std::string service, Target& target) { targets_.emplace(std::move(service), &target); }
  void serve(std::string service, StreamSource& source) { streams_.emplace(std::move(service), &source); }
  void serve(std::string service, QueueSource& source) { queues_.emplace(std::move(service), &source); }
  Target* target(std::string_view arn) const { return find(targets_, arn); }  // null: no such service here
  StreamSource* stream_source(std::string_view arn) const { return find(streams_, arn); }
  QueueSource* queue_source(std::string_view arn) const { return find(queues_, arn); }

 private:
  template <class T>
  using ByService = std::map<std::string, T*, std::less<>>;
  template <class T>
  static T* find(const ByService<T>& ports, std::string_view arn) {
    const auto parsed = Arn::parse(arn);
    const auto it = parsed ? ports.find(parsed->service) : ports.end();
    return it == ports.end() ? nullptr : it->second;
  }
  ByService<Target> targets_;
  ByService<StreamSource> streams_;
  ByService<QueueSource> queues_;
};
}  // namespace emu
