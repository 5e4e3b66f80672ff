#include "emulator/services/lambda/mappings/stream_batch.hpp"

namespace emu::lambda {
namespace {
std::string text_at(std::int64_t seconds) { return iso8601(Time(std::chrono::seconds(seconds))); }
}  // namespace

StreamRecord stream_record(const Json& record, Time arrived) {
  const auto& change = record.at("dynamodb");
  StreamRecord out;
  out.sequence = change.at("SequenceNumber").get<std::string>();
  out.order = std::hash<std::string>{}(json_text(change.at("Keys")));
  out.created = time_at(change.at("ApproximateCreationDateTime").get<double>());
  out.arrived = arrived;
  out.text = json_text(record);
  return out;
}

std::string stream_event(std::span<const StreamRecord> records, const WindowEvent* window,
                         std::string_view shard, std::string_view source_arn) {
  std::string out = R"({"Records":[)";
  for (bool first = true; const auto& record : records) {
    if (!std::exchange(first, false)) out += ',';
    out += record.text;
  }
  out += ']';
  if (window) {
    const Json more{{"window", {{"start", text_at(window->start_s)}, {"end", text_at(window->end_s)}}},
                    {"state", window->state},
                    {"shardId", shard},
                    {"eventSourceARN", source_arn},
                    {"isFinalInvokeForWindow", window->last},
                    {"isWindowTerminatedEarly", window->early}};
    out += ',';
    out += json_text(more).substr(1);
    return out;
  }
  return out += '}';
}

std::string failure_message(const GivenUp& what, std::span<const StreamRecord> records,
                            std::string_view shard, std::string_view source_arn, Time now) {
  Json out{{"requestContext",
            {{"requestId", what.request_id},
             {"functionArn", what.function_arn},
             {"condition", what.condition},
             {"approximateInvokeCount", what.invocations}}},
           {"version", "1.0"},
           {"timestamp", iso8601_ms(now)},
           {"DDBStreamBatchInfo",
            {{"shardId", shard},
             {"startSequenceNumber", records.front().sequence},
             {"endSequenceNumber", records.back().sequence},
             {"approximateArrivalOfFirstRecord", iso8601(records.front().created)},
             {"approximateArrivalOfLastRecord", iso8601(records.back().created)},
             {"batchSize", records.size()},
             {"streamArn", source_arn}}}};
  if (what.answered)
    out["responseContext"] = {{"statusCode", 200},
                              {"executedVersion", what.version},
                              {"functionError", what.function_error ? Json("Unhandled") : Json(nullptr)}};
  return json_text(out);
}
}  // namespace emu::lambda
