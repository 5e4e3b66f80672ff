#include "emulator/services/sqs/sqs.hpp"

#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/upkeep.hpp"
#include "emulator/services/sqs/wire/error_shapes.hpp"
#include "emulator/services/sqs/wire/json_scalars.hpp"
#include "emulator/services/sqs/wire/query_side.hpp"

namespace emu::sqs {
Sqs::Sqs(storage::Engine& disk_, Clock& clock_, Loops& loops_, Ids& ids_, Limits limits_)
    : disk(disk_),
      clock(clock_),
      loops(loops_),
      ids(ids_),
      limits(limits_),
      records(disk_, storage::Space::queues),
      move_tasks(disk_, storage::Space::move_tasks) {}

std::span<const Operation> Sqs::operations() const {
  static const auto rows =
      joined({queue_operations(), listing_operations(), attribute_operations(), tag_operations(),
              permission_operations(), sending_operations(), receiving_operations(), handle_operations(),
              purging_operations(), move_operations()});
  return rows;
}

awaitable<void> Sqs::run() {
  loops.spawn(keep_up(*this));
  moves.resume();
  co_await alarms.run(clock);
}

SharedQueue Sqs::create(const Scope& scope, const std::string& queue_name, QueueRecord record) {
  const std::lock_guard hold(creating_);
  if (queues.find(scope, queue_name)) return nullptr;
  record.StorageId = ids.number();
  record.Created = record.Modified = clock.now().time_since_epoch().count();
  const auto scope_attribute = record.Attributes.find("DeduplicationScope");
  record.DeduplicatesPerGroup =
      scope_attribute != record.Attributes.end() && scope_attribute->second == "messageGroup";
  records.put(scope, queue_name, record);
  auto queue = std::make_shared<Queue>(scope, queue_name, std::move(record), alarms, limits.in_flight);
  queues.add(queue);
  return queue;
}

const QuerySide* Sqs::query_side() const { return &kQuerySide; }
std::string Sqs::error_type(const AwsError& error) const { return sqs::error_type(error); }
AwsError Sqs::missing(const wire::Missing& member) const { return absent(member); }
AwsError Sqs::worded(AwsError error, const Context& context) const {
  return sqs::worded(std::move(error), context.protocol);
}
bool Sqs::mend(Json& input) const { return make_texts(input); }

void Sqs::remember_deletion(const Queue& queue) {
  deletions_.with([&](auto& all) { all[{queue.scope, queue.name}] = clock.now(); });
}

bool Sqs::deleted_within(const Scope& scope, const std::string& queue_name, Duration last) {
  return deletions_.with([&](auto& all) {
    std::erase_if(all, [&](const auto& row) { return row.second + last <= clock.now(); });
    return all.contains({scope, queue_name});
  });
}

AwsError Sqs::no_longer_there() { return no_such_queue(); }

// What had expired stays so under a longer retention: its rows go first.
void Sqs::keep(Queue& queue, Queue::State& state, QueueRecord next, Time now) {
  auto settings = std::make_shared<const Settings>(Settings::of(next));
  storage::Batch batch;
  state.stage_leftovers(batch, queue.id, state.expired.size() + state.past.size());
  records.put(batch, queue.scope, queue.name, next);
  disk.write(batch);
  if (settings->delay != state.settings->delay) state.messages->delay_by(settings->delay);
  state.settings = std::move(settings);
  state.record = std::move(next);
  state.advance(now);
}
}  // namespace emu::sqs
