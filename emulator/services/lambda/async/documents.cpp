#include "emulator/services/lambda/async/documents.hpp"

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/lambda/name.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestMessage = 1024;  // the first KB of errorMessage

// JSON as a part of a larger document; what is none as text.
Json part(std::string_view text) {
  auto json = bounded_parse(text);
  return json.is_discarded() ? Json(text) : json;
}

std::string message_of(const AsyncEnd& end) {
  if (!end.last) return end.condition == "ZeroReservedConcurrency" ? end.condition : "Rate Exceeded.";
  const auto answer = bounded_parse(end.last->outcome.payload);
  auto text = answer.is_object() && answer.contains("errorMessage") && answer["errorMessage"].is_string()
                  ? answer["errorMessage"].get<std::string>()
                  : end.last->outcome.payload;
  if (text.size() <= kLongestMessage) return text;
  auto length = kLongestMessage;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;  // whole letters
  return text.substr(0, length);
}
}  // namespace

std::string destination_record(const Scope& scope, const AsyncInvoke& invoke, const AsyncEnd& end, Time now) {
  const auto qualifier = invoke.qualifier.empty() ? kLatest : std::string_view(invoke.qualifier);
  Json out{{"version", "1.0"},
           {"timestamp", iso8601_ms(now)},
           {"requestContext",
            {{"requestId", invoke.request_id},
             {"functionArn", function_arn(scope, invoke.function, qualifier)},
             {"condition", end.condition},
             {"approximateInvokeCount", end.attempts}}},
           {"requestPayload", part(invoke.payload)}};
  if (end.last) {
    auto& response = out["responseContext"] = {{"statusCode", 200}, {"executedVersion", end.last->version}};
    if (end.last->outcome.kind == runtime::Outcome::Kind::function_error)
      response["functionError"] = "Unhandled";
    out["responsePayload"] = part(end.last->outcome.payload);
  }
  return json_text(out);
}

Delivery dead_letter(const AsyncInvoke& invoke, const AsyncEnd& end) {
  Delivery out;
  out.body = invoke.payload;
  out.attributes = {{"RequestID", "String", invoke.request_id},
                    {"ErrorCode", "Number", end.last ? "200" : "429"}};
  if (auto message = message_of(end); !message.empty())
    out.attributes.push_back({"ErrorMessage", "String", std::move(message)});
  return out;
}
}  // namespace emu::lambda
