#include "emulator/services/dynamodb/streams/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace emu::dynamodb {
namespace {
constexpr std::uint64_t kTrimMark = 0;  // no record has this sequence number: its row says what was trimmed
constexpr std::size_t kSequenceBytes = 8;

std::uint64_t microseconds(Time t) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(t.time_since_epoch().count(), 0));
}

// What is kept begins here.
std::uint64_t horizon(Time now) {
  const auto age = static_cast<std::uint64_t>(Duration(kRetention).count());
  const auto at = microseconds(now);
  return at > age ? at - age : 1;
}

std::uint64_t number_of(storage::BytesView big_endian) {
  std::uint64_t out = 0;
  for (const char c : big_endian) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

std::uint64_t sequence_of(storage::BytesView row) {
  return number_of(row.substr(row.size() - kSequenceBytes));
}

storage::Bytes bytes_of(std::uint64_t number) {
  storage::Bytes out;
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
  return out;
}

std::optional<std::uint64_t> first_in(const storage::Engine& disk, const storage::Range& range) {
  std::optional<std::uint64_t> out;
  disk.scan(range, [&](storage::BytesView row, storage::BytesView) {
    out = sequence_of(row);
    return false;
  });
  return out;
}

std::optional<std::uint64_t> last_in(const storage::Engine& disk, const storage::Range& range) {
  std::optional<std::uint64_t> out;
  disk.scan_reverse(range, [&](storage::BytesView row, storage::BytesView) {
    out = sequence_of(row);
    return false;
  });
  return out;
}
}  // namespace

AwsError trimmed_data() {
  return {"TrimmedDataAccessException", "The data you are trying to access has been trimmed"};
}

Stream::Stream(storage::Engine& disk, Scope scope_, std::string table_, std::string label_,
               StoredStream stored)
    : scope(std::move(scope_)),
      table(std::move(table_)),
      label(std::move(label_)),
      arn(fmt::format("{}/stream/{}", table_arn(scope, table), label)),
      view_type(stored.StreamViewType),
      shard_id(stored.ShardId),
      id(stored.StorageId),
      disk_(disk),
      view_(StreamView::of(view_type)) {
  for (const auto& key : stored.KeySchema) key_names_.push_back(key.AttributeName);
  const auto mark = disk_.get(row(kTrimMark).bytes());
  const auto trimmed = mark ? number_of(*mark) : 0;
  const auto last = last_in(disk_, {row(kTrimMark + 1).bytes(), rows().to});
  last_ = std::max({stored.Starting, stored.Ending.value_or(0), trimmed, last.value_or(0)});
  state_.with([&](State& state) { state = {std::move(stored), last_, trimmed, 0, {}}; });
}

storage::Key Stream::row(std::uint64_t sequence) const {
  return storage::Key(storage::Space::stream_records).u64(id).u64(sequence);
}

storage::Range Stream::rows() const {
  return storage::prefix(storage::Key(storage::Space::stream_records).u64(id));
}

void Stream::stage(storage::Batch& batch, const Item* old, const Item* now, By by, Time time) {
  auto bytes = encode_change(key_names_, view_, old, now, by);
  if (!bytes) return;
  last_ = std::max(last_ + 1, microseconds(time));
  batch.put(row(last_), std::move(*bytes));
}

void Stream::committed() {
  auto waiting = state_.with([&](State& state) {
    state.committed = last_;
    return std::exchange(state.waiting, {});
  });
  for (const auto& one : waiting)
    if (const auto wakeup = one.lock()) wakeup->signal();
}

StoredStream Stream::closing(Time time) {
  StoredStream out = stored();
  out.Ending = std::max(last_ + 1, microseconds(time));
  out.Closed = static_cast<std::int64_t>(microseconds(time));
  return out;
}

void Stream::close(StoredStream closed) {
  last_ = *closed.Ending;
  state_.with([&](State& state) { state.stored = std::move(closed); });
  committed();
}

Result<Stream::Page> Stream::read(std::uint64_t position, Limits limits, Time time) {
  if (position != kOldest && position < horizon(time)) {
    trim(time);
    if (position <= trimmed()) return trimmed_data();
  }
  const auto [committed, closed] = state_.with(
      [](const State& state) { return std::pair(state.committed, state.stored.Ending.has_value()); });
  Page page;
  std::int64_t bytes = 0;
  const auto from = std::max(position, horizon(time));
  disk_.scan({row(from).bytes(), rows().to}, [&](storage::BytesView key, storage::BytesView value) {
    page.full = page.entries.size() >= limits.records;
    if (page.full) return false;
    auto record = decode_record(key_names_, value);
    if (!record) throw std::runtime_error("a record of stream " + arn + " cannot be read");
    bytes += record->size();
    page.full = bytes > limits.bytes && !page.entries.empty();
    if (page.full) return false;
    page.entries.push_back({sequence_of(key), std::move(*record)});
    return true;
  });
  page.next = page.entries.empty() ? position : page.entries.back().sequence + 1;
  if (page.full) return page;
  page.next = std::max(page.next, committed + 1);  // known before the scan, so nothing is skipped
  page.ended = closed;
  return page;
}

void Stream::notify(std::uint64_t position, const std::shared_ptr<Wakeup>& wakeup) {
  const bool now = state_.with([&](State& state) {
    if (state.committed >= position || state.stored.Ending) return true;
    std::erase_if(state.waiting, [](const auto& one) { return one.expired(); });
    state.waiting.push_back(wakeup);
    return false;
  });
  if (now) wakeup->signal();
}

void Stream::trim(Time time) {
  const auto kept_from = horizon(time);
  const std::lock_guard one_at_a_time(trimming_);
  const auto [oldest, committed] =
      state_.with([](const State& state) { return std::pair(state.oldest, state.committed); });
  if (oldest >= kept_from) return;
  const storage::Range old{row(kTrimMark + 1).bytes(), row(kept_from).bytes()};
  const auto last = last_in(disk_, old);
  if (last) {
    storage::Batch batch;
    batch.put(row(kTrimMark), bytes_of(*last));
    disk_.write(batch);
    disk_.erase(old);
  }
  const auto first = first_in(disk_, {row(kept_from).bytes(), rows().to});
  state_.with([&](State& state) {
    if (last) state.trimmed = *last;
    state.oldest = first.value_or(std::max(committed + 1, kept_from));
  });
}

std::uint64_t Stream::trimmed() {
  return state_.with([](const State& state) { return state.trimmed; });
}

StoredStream Stream::stored() {
  return state_.with([](const State& state) { return state.stored; });
}

bool Stream::expired(Time time) {
  return state_.with([&](const State& state) {
    return state.stored.Closed && static_cast<std::uint64_t>(*state.stored.Closed) < horizon(time);
  });
}
}  // namespace emu::dynamodb
