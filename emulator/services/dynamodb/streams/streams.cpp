#include "emulator/services/dynamodb/streams/streams.hpp"

#include <fmt/format.h>

#include "emulator/base/arn.hpp"

namespace emu::dynamodb {
namespace {
std::string label_at(Time t) { return iso8601_ms(t).substr(0, 23); }  // without the Z (H1)

// A row's name: the slash is in no table name.
std::string row_name(const Stream& stream) { return stream.table + "/" + stream.label; }
StreamName named(const Scope& scope, const std::string& row_name) {
  const auto slash = std::min(row_name.find('/'), row_name.size() - 1);
  return {scope, row_name.substr(0, slash), row_name.substr(slash + 1)};
}
}  // namespace

std::optional<StreamName> StreamName::parse(std::string_view text) {
  const auto arn = Arn::parse(text);
  if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with("table/")) return std::nullopt;
  constexpr std::string_view kTable = "table/", kStream = "/stream/";
  const auto at = arn->resource.find(kStream);
  if (at == std::string::npos || at == kTable.size()) return std::nullopt;
  StreamName out{{arn->account, arn->region},
                 arn->resource.substr(kTable.size(), at - kTable.size()),
                 arn->resource.substr(at + kStream.size())};
  if (out.label.empty() || out.table.find('/') != std::string::npos) return std::nullopt;
  return out;
}

Streams::Streams(storage::Engine& disk, Clock& clock_, Ids& ids)
    : clock(clock_), disk_(disk), ids_(ids), records_(disk, storage::Space::streams) {}

void Streams::load() {
  std::vector<std::pair<StreamName, StoredStream>> found;  // a Stream reads, which a scan must not meet
  records_.each([&](const Scope& scope, const std::string& name, StoredStream stored) {
    found.emplace_back(named(scope, name), std::move(stored));
  });
  for (auto& [name, stored] : found)
    add(std::make_shared<Stream>(disk_, name.scope, name.table, name.label, std::move(stored)));
}

void Streams::verify(Report& report,
                     const std::function<void(const StreamName&, const StoredStream&)>& visit) const {
  records_.verify(report, "stream", [&](const Scope& scope, const std::string& name, const StoredStream& s) {
    visit(named(scope, name), s);
  });
}

SharedStream Streams::find(const StreamName& name) const {
  const std::shared_lock hold(mutex_);
  const auto it = by_name_.find(name);
  return it == by_name_.end() || it->second->expired(clock.now()) ? nullptr : it->second;
}

std::vector<SharedStream> Streams::list(const Scope& scope, const std::optional<std::string>& table,
                                        const std::optional<StreamName>& after, std::size_t most) const {
  const Time now = clock.now();
  StreamName from{scope, table.value_or(""), ""};
  const std::shared_lock hold(mutex_);
  auto it = after && *after >= from ? by_name_.upper_bound(*after) : by_name_.lower_bound(from);
  std::vector<SharedStream> out;
  for (; it != by_name_.end() && it->first.scope == scope && out.size() < most; ++it) {
    if (table && it->first.table != *table) break;
    if (!it->second->expired(now)) out.push_back(it->second);
  }
  return out;
}

std::string Streams::new_label(const Scope& scope, const std::string& table) const {
  Time at = clock.now();
  const std::shared_lock hold(mutex_);
  while (by_name_.contains({scope, table, label_at(at)})) at += std::chrono::milliseconds(1);
  return label_at(at);
}

void Streams::trim() {
  std::vector<SharedStream> all;
  {
    const std::shared_lock hold(mutex_);
    for (const auto& [name, stream] : by_name_) all.push_back(stream);
  }
  for (const auto& stream : all) {
    if (!stream->expired(clock.now())) {
      stream->trim(clock.now());
      continue;
    }
    disk_.erase(stream->rows());  // before its own row, which a crash between the two leaves to be erased
    records_.erase(stream->scope, row_name(*stream));
    const std::lock_guard hold(mutex_);
    by_name_.erase(name_of(*stream));
  }
}

SharedStream Streams::make(const Schema& schema) {
  const auto created = clock.now().time_since_epoch().count();
  const auto starting = static_cast<std::uint64_t>(std::max<std::int64_t>(created, 1));
  StoredStream stored{ids_.number(),
                      *schema.record.StreamSpecification->StreamViewType,
                      schema.record.KeySchema,
                      created,
                      fmt::format("shardId-{:020}-{:08x}", starting / 1000, ids_.number() >> 32),
                      starting,
                      std::nullopt,
                      std::nullopt};
  return std::make_shared<Stream>(disk_, schema.scope, schema.name, *schema.record.LatestStreamLabel,
                                  std::move(stored));
}

void Streams::save(storage::Batch& batch, const Stream& stream, const StoredStream& stored) const {
  records_.put(batch, stream.scope, row_name(stream), stored);
}

void Streams::add(const SharedStream& stream) {
  const std::lock_guard hold(mutex_);
  by_name_.insert_or_assign(name_of(*stream), stream);
}

StreamTurn::StreamTurn(Streams& streams, SharedStream open, const Schema* to, storage::Batch& batch)
    : streams_(streams), opened_(std::move(open)) {
  const bool wanted = to && to->record.StreamSpecification;
  if (opened_ && !wanted) {
    closed_ = std::exchange(opened_, nullptr);
    ending_ = closed_->closing(streams_.clock.now());
    streams_.save(batch, *closed_, ending_);
  } else if (!opened_ && wanted) {
    opened_ = streams_.make(*to);
    streams_.save(batch, *opened_, opened_->stored());
  }
}

void StreamTurn::apply() {
  if (opened_) streams_.add(opened_);
  if (closed_) closed_->close(std::move(ending_));
}
}  // namespace emu::dynamodb
