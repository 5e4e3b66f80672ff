#include "emulator/services/dynamodb/streams/source.hpp"

#include "emulator/services/dynamodb/streams/record_page.hpp"
#include "emulator/services/dynamodb/streams/service.hpp"
#include "emulator/services/dynamodb/streams/shard_iterator.hpp"

namespace emu::dynamodb {
namespace {
// Positions are sequence numbers; before the first of all there is none.
constexpr std::string_view kTrimHorizon = "TRIM_HORIZON";

std::string text_of(std::uint64_t position) {
  return position == kOldest ? std::string(kTrimHorizon) : sequence_text(position);
}

std::uint64_t position_of(std::string_view text) { return parse_sequence(text).value_or(kOldest); }
}  // namespace

Result<SharedStream> TableStreamSource::find(std::string_view arn, std::string_view shard) const {
  auto stream = stream_of(streams_, arn);
  if (stream && (*stream)->shard_id != shard) return no_such_shard();
  return stream;
}

Result<std::vector<std::string>> TableStreamSource::shards(std::string_view arn) {
  const auto stream = stream_of(streams_, arn);
  if (!stream) return stream.error();
  return std::vector{(*stream)->shard_id};
}

Result<std::string> TableStreamSource::position(std::string_view arn, std::string_view shard, Start start) {
  const auto stream = find(arn, shard);
  if (!stream) return stream.error();
  return text_of(start == Start::oldest ? kOldest : (*stream)->latest());
}

awaitable<Result<StreamSource::Page>> TableStreamSource::read(std::string arn, std::string shard,
                                                              std::string position, std::size_t most) {
  const auto stream = find(arn, shard);
  if (!stream) co_return stream.error();
  auto page =
      co_await read_page(loops_, streams_.clock, *stream, position_of(position), most, RecordForm::event);
  if (!page) co_return std::move(page.error());
  co_return Page{std::move(page->records), text_of(page->next), page->ended};
}

Result<Done> TableStreamSource::notify(std::string_view arn, std::string_view shard,
                                       std::string_view position, std::shared_ptr<Wakeup> wakeup) {
  const auto stream = find(arn, shard);
  if (!stream) return stream.error();
  (*stream)->notify(position_of(position), wakeup);
  return Done{};
}
}  // namespace emu::dynamodb
