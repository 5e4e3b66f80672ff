#include "emulator/services/dynamodb/streams/service.hpp"

#include <fmt/format.h>

#include "emulator/base/log.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb {
namespace {
constexpr auto kTrimEvery = std::chrono::minutes(10);  // readers never see what is due
}

std::span<const Operation> DynamoDbStreams::operations() const {
  static const auto rows = joined({stream_list_operations(), stream_read_operations()});
  return rows;
}

std::string DynamoDbStreams::error_type(const AwsError& e) const { return type_of(e); }

awaitable<void> DynamoDbStreams::run() {
  for (;;) {
    co_await streams.clock.sleep(kTrimEvery);
    try {
      auto trimming = [this] { streams.trim(); };
      co_await loops.blocking(std::move(trimming));
    } catch (const std::exception& e) {
      log_fault("trimming streams", e.what());  // the disk may take it the next time
    }
  }
}

Result<SharedStream> stream_of(const Streams& streams, std::string_view arn) {
  const auto name = StreamName::parse(arn);
  if (!name) throw AwsError::validation("Invalid StreamArn");
  if (auto stream = streams.find(*name)) return stream;
  return AwsError::not_found(fmt::format("Requested resource not found: Stream: {} not found", arn));
}

AwsError no_such_shard() { return AwsError::not_found("Requested resource not found: Shard does not exist"); }
}  // namespace emu::dynamodb
