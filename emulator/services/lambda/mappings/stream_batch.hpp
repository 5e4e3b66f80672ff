// Records of a stream on their way to a function, and the documents made of them: the event, and what an
// on-failure destination is told (spec-lambda G.3). Pure.
#pragma once
#include <span>

#include "emulator/base/clock.hpp"
#include "emulator/services/lambda/mappings/record.hpp"
#include "emulator/services/lambda/mappings/shard_progress.hpp"

namespace emu::lambda {
struct StreamRecord {
  std::string sequence, text;
  std::size_t order = 0;  // of the key: records of one key keep theirs
  Time created, arrived;  // at the stream; here
  ShardProgress::Page page = 0;
};
using StreamRecords = std::vector<StreamRecord>;
StreamRecord stream_record(const Json& record, Time arrived);

struct WindowEvent {
  std::int64_t start_s = 0, end_s = 0;
  Json state = Json::object();
  bool last = false, early = false;  // isFinalInvokeForWindow, isWindowTerminatedEarly
};
std::string stream_event(std::span<const StreamRecord> records, const WindowEvent* window,
                         std::string_view shard, std::string_view source_arn);

struct GivenUp {
  std::string_view condition;  // "RetryAttemptsExhausted", "RecordAgeExceeded"
  int invocations = 0;
  bool answered = false;        // the last attempt ran
  bool function_error = false;  // and failed as a whole; else it reported failures
  std::string request_id, version, function_arn;
};
std::string failure_message(const GivenUp& what, std::span<const StreamRecord> records,
                            std::string_view shard, std::string_view source_arn, Time now);
}  // namespace emu::lambda
