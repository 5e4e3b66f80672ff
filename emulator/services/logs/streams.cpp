#include "emulator/services/logs/streams.hpp"

#include <algorithm>
#include <limits>

#include "emulator/base/log.hpp"

namespace emu::logs {
namespace {
std::string name_of(const Group& group, const std::string& stream) { return group.name + ":" + stream; }

void add_number(storage::Bytes& bytes, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
}

std::uint64_t take_number(storage::BytesView& bytes) {
  std::uint64_t out = 0;
  for (int i = 0; i < 8 && !bytes.empty(); ++i, bytes.remove_prefix(1))
    out = out << 8 | static_cast<unsigned char>(bytes.front());
  return out;
}
}  // namespace

storage::Key Streams::key_of(const Group& group, const std::string& stream) {
  return storage::Key(storage::Space::log_events)
      .text(group.scope.account)
      .text(group.scope.region)
      .text(group.name)
      .text(stream);
}

void Streams::load() {
  state_.with([&](State& state) {
    state.groups.clear();
    records_.each([&](const Scope& scope, const std::string& name, Stream stream) {
      // Neither name has a colon of its own.
      state.groups[{scope, name.substr(0, name.find(':'))}].emplace(stream.logStreamName, std::move(stream));
    });
  });
}

void Streams::verify(Report& report) {
  records_.verify(report, "log stream");
  report.covers(storage::Space::log_events);
}

bool Streams::create(const Group& group, const std::string& name) {
  return state_.with([&](State& state) {
    Stream made{.logStreamName = name, .creationTime = epoch_ms(clock_.now())};
    auto& streams = state.groups[group];
    if (streams.contains(name)) return false;
    records_.put(group.scope, name_of(group, name), made);
    streams.emplace(name, std::move(made));
    return true;
  });
}

void Streams::drop(State& state, const Group& group, const std::string& name) {
  state.gathered.erase({group, name});
  disk_.erase(storage::prefix(key_of(group, name)));  // first: none may come back with a new stream
  records_.erase(group.scope, name_of(group, name));
}

bool Streams::remove(const Group& group, const std::string& name) {
  return state_.with([&](State& state) {
    if (state.groups[group].erase(name) == 0) return false;
    drop(state, group, name);
    return true;
  });
}

void Streams::remove_all(const Group& group) {
  state_.with([&](State& state) {  // at once: what is gathered meanwhile would make a stream anew
    for (const auto& [name, stream] : state.groups[group]) drop(state, group, name);
    std::erase_if(state.gathered, [&](const auto& each) { return each.first.first == group; });
    state.groups.erase(group);
  });
}

bool Streams::has(const Group& group, const std::string& name) const {
  return state_.with([&](const State& state) {
    const auto it = state.groups.find(group);
    return it != state.groups.end() && it->second.contains(name);
  });
}

std::vector<Stream> Streams::all(const Group& group) const {
  return state_.with([&](const State& state) {
    std::vector<Stream> out;
    if (const auto it = state.groups.find(group); it != state.groups.end())
      for (const auto& [name, stream] : it->second) out.push_back(stream);
    return out;
  });
}

void Streams::write(State& state, storage::Batch& batch, const Group& group, const std::string& name,
                    std::vector<Event> events) {
  auto& stream = state.groups[group][name];
  if (stream.logStreamName.empty()) stream = {.logStreamName = name, .creationTime = epoch_ms(clock_.now())};
  const auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
  for (auto& event : events) {
    state.last_sequence = std::max(state.last_sequence + 1, now);
    stream.firstEventTimestamp =
        std::min(stream.firstEventTimestamp.value_or(event.timestamp), event.timestamp);
    stream.lastEventTimestamp =
        std::max(stream.lastEventTimestamp.value_or(event.timestamp), event.timestamp);
    stream.lastIngestionTime = event.ingestion;
    stream.storedBytes += static_cast<std::int64_t>(event.message.size()) + kEventOverhead;
    storage::Bytes value;
    add_number(value, static_cast<std::uint64_t>(event.ingestion));
    value += event.message;
    batch.put(key_of(group, name).u64(static_cast<std::uint64_t>(event.timestamp)).u64(state.last_sequence),
              std::move(value));
  }
  records_.put(batch, group.scope, name_of(group, name), stream);
}

bool Streams::append(const Group& group, const std::string& stream, std::vector<Event> events) {
  return state_.with([&](State& state) {
    const auto known = state.groups.find(group);
    if (known == state.groups.end() || !known->second.contains(stream)) return false;
    if (events.empty()) return true;
    storage::Batch batch;
    write(state, batch, group, stream, std::move(events));
    disk_.write(batch);
    return true;
  });
}

Streams::~Streams() {
  try {
    write_gathered();
  } catch (const std::exception& e) {
    log_fault("keeping log events", e.what());
  }
}

void Streams::gather(const Group& group, const std::string& stream, Event event) {
  state_.with([&](State& state) {
    state.gathered[{group, stream}].push_back(std::move(event));
    if (state.wakeup) std::exchange(state.wakeup, nullptr)->signal();
  });
}

void Streams::write_gathered() {
  state_.with([&](State& state) {
    if (state.gathered.empty()) return;
    storage::Batch batch;
    for (const auto& [where, events] : state.gathered) write(state, batch, where.first, where.second, events);
    disk_.write(batch);
    state.gathered.clear();  // only now: what a full disk refused is tried again
  });
}

void Streams::when_gathered(std::shared_ptr<Wakeup> wakeup) {
  state_.with([&](State& state) {
    if (state.gathered.empty())
      state.wakeup = std::move(wakeup);
    else
      wakeup->signal();
  });
}

void Streams::read(const Group& group, const std::string& stream, Place from, Place to, bool forwards,
                   const std::function<bool(Place, Event)>& visit) const {
  const auto base = key_of(group, stream);
  const auto at = [&](const Place& place) {
    auto key = base;
    key.u64(static_cast<std::uint64_t>(std::max<std::int64_t>(0, place.timestamp))).u64(place.sequence);
    return storage::Bytes(key.bytes());
  };
  const auto seen = [&](storage::BytesView key, storage::BytesView value) {
    key.remove_prefix(base.bytes().size());
    Place place;
    place.timestamp = static_cast<std::int64_t>(take_number(key));
    place.sequence = take_number(key);
    const auto ingestion = static_cast<std::int64_t>(take_number(value));
    return visit(place, {place.timestamp, ingestion, std::string(value)});
  };
  const storage::Range range{at(from), at(to)};
  if (range.from >= range.to) return;
  if (forwards)
    disk_.scan(range, seen);
  else
    disk_.scan_reverse(range, seen);
}

void Streams::forget_before(const Group& group, std::int64_t timestamp) {
  for (const auto& stream : all(group)) {
    const auto base = key_of(group, stream.logStreamName);
    auto until = base;
    until.u64(static_cast<std::uint64_t>(timestamp));
    disk_.erase({storage::Bytes(base.bytes()), storage::Bytes(until.bytes())});
    state_.with([&](State& state) {
      const auto at = state.groups.find(group);
      if (at == state.groups.end()) return;
      const auto known = at->second.find(stream.logStreamName);
      if (known == at->second.end()) return;
      auto& kept = known->second;
      kept.firstEventTimestamp.reset();
      read(group, stream.logStreamName, {}, {std::numeric_limits<std::int64_t>::max(), 0}, true,
           [&](Place place, const Event&) {
             kept.firstEventTimestamp = place.timestamp;
             return false;
           });
      if (!kept.firstEventTimestamp) {
        kept.lastEventTimestamp.reset();
        kept.storedBytes = 0;
      }
      records_.put(group.scope, name_of(group, stream.logStreamName), kept);
    });
  }
}
}  // namespace emu::logs
