#include "emulator/services/dynamodb/streams/record_page.hpp"

#include <fmt/format.h>

#include "emulator/services/dynamodb/streams/shard_iterator.hpp"
#include "emulator/services/dynamodb/value_json.hpp"

namespace emu::dynamodb {
namespace {
constexpr Stream::Limits kShort{32, 32 << 10};  // what is read without a change of thread
constexpr std::uint64_t kPerSecond = 1'000'000;

Json user_identity(RecordForm form) {  // G
  if (form == RecordForm::event) return {{"type", "Service"}, {"principalId", "dynamodb.amazonaws.com"}};
  return {{"Type", "Service"}, {"PrincipalId", "dynamodb.amazonaws.com"}};
}

Json record_json(const Stream& stream, const Stream::Entry& entry, RecordForm form) {
  static constexpr std::string_view kEvents[] = {"INSERT", "MODIFY", "REMOVE"};
  const auto& record = entry.record;
  Json change{{"ApproximateCreationDateTime", entry.sequence / kPerSecond},
              {"Keys", encode_json(record.keys)},
              {"SequenceNumber", sequence_text(entry.sequence)},
              {"SizeBytes", record.size()},
              {"StreamViewType", stream.view_type}};
  if (record.old_image) change["OldImage"] = encode_json(*record.old_image);
  if (record.new_image) change["NewImage"] = encode_json(*record.new_image);
  Json out{{"eventID", fmt::format("{:016x}{:016x}", stream.id, entry.sequence)},
           {"eventName", kEvents[static_cast<std::size_t>(record.event)]},
           {"eventVersion", "1.1"},
           {"eventSource", "aws:dynamodb"},
           {"awsRegion", stream.scope.region},
           {"dynamodb", std::move(change)}};
  if (record.by == By::time_to_live) out["userIdentity"] = user_identity(form);
  if (form == RecordForm::event) out["eventSourceARN"] = stream.arn;
  return out;
}

RecordPage shown(const Stream& stream, const Stream::Page& page, RecordForm form) {
  RecordPage out{Json::array(), page.next, page.ended};
  for (const auto& entry : page.entries) out.records.push_back(record_json(stream, entry, form));
  return out;
}
}  // namespace

awaitable<Result<RecordPage>> read_page(Loops& loops, Clock& clock, SharedStream stream,
                                        std::uint64_t position, std::size_t most, RecordForm form) {
  auto first = stream->read(position, {std::min(most, kShort.records), kShort.bytes}, clock.now());
  if (!first) co_return std::move(first.error());
  if (!first->full || first->entries.size() >= most) co_return shown(*stream, *first, form);
  auto whole = [&clock, stream, position, most, form]() -> Result<RecordPage> {
    const auto page = stream->read(position, {.records = most}, clock.now());
    if (!page) return page.error();
    return shown(*stream, *page, form);
  };
  co_return co_await loops.blocking(std::move(whole));
}
}  // namespace emu::dynamodb
