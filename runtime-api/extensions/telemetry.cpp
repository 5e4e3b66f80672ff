#include "runtime-api/extensions/telemetry.hpp"

#include <algorithm>
#include <array>

#include "emulator/base/json.hpp"

namespace emu::runtime {
namespace {
constexpr std::size_t kHistory = 1024 * 1024;      // of an initialisation, for who subscribes during it
constexpr std::size_t kBacklog = 4 * 1024 * 1024;  // of a subscriber that does not keep up

// The Logs API knows fewer events than the Telemetry API, and two of its own (spec-lambda B.2).
bool belongs(TelemetryApi api, std::string_view type) {
  static constexpr std::array kLogs{"platform.start",
                                    "platform.end",
                                    "platform.report",
                                    "platform.fault",
                                    "platform.extension",
                                    "platform.logsSubscription",
                                    "platform.logsDropped",
                                    "platform.runtimeDone",
                                    "function",
                                    "extension"};
  if (api == TelemetryApi::logs) return std::ranges::find(kLogs, type) != kLogs.end();
  return type != "platform.end" && type != "platform.logsSubscription";
}

bool subscribed(const Subscription& s, Telemetry::Kind kind) {
  switch (kind) {
    case Telemetry::Kind::platform:
      return s.platform;
    case Telemetry::Kind::function:
      return s.function;
    case Telemetry::Kind::extension:
      return s.extensions;
  }
  return false;
}
}  // namespace

bool Telemetry::wanted(Kind kind) const {
  return !closed_ ||
         std::ranges::any_of(subscribers_, [&](const auto& s) { return subscribed(s->asked, kind); });
}

void Telemetry::give(Subscriber& to, Time now, const Item& item) {
  if (!subscribed(to.asked, item.kind) || !belongs(to.asked.api, item.type)) return;
  if (to.bytes + item.json.size() > kBacklog) {
    ++to.dropped;
    to.dropped_bytes += item.json.size();
    return;
  }
  if (to.waiting.empty()) to.since = now;
  to.bytes += item.json.size();
  to.waiting.push_back(item.json);
}

void Telemetry::add(Time now, Item item) {
  for (const auto& subscriber : subscribers_) give(*subscriber, now, item);
  if (closed_ || history_bytes_ + item.json.size() > kHistory) return;
  history_bytes_ += item.json.size();
  history_.push_back(std::move(item));
}

std::optional<Mailbox::Refusal> Telemetry::subscribe(Time now, Subscription asked) {
  const bool logs = asked.api == TelemetryApi::logs;
  if (closed_)
    return logs ? Mailbox::Refusal{403, "Logs.SubscriptionClosed", "Logs API subscription is closed"}
                : Mailbox::Refusal{403, "Telemetry.SubscriptionClosed",
                                   "Telemetry API subscription is closed"};
  for (const auto& other : subscribers_)
    if (other->asked.api != asked.api)
      return logs ? Mailbox::Refusal{403, "Logs.SubscriptionClosed",
                                     "The Telemetry API is in use, so the Logs API is not available"}
                  : Mailbox::Refusal{403, "Telemetry.SubscriptionClosed",
                                     "The Logs API is in use, so the Telemetry API is not available"};
  std::erase_if(subscribers_, [&](const auto& s) { return s->asked.extension == asked.extension; });
  subscribers_.push_back(std::make_shared<Subscriber>(Subscriber{.asked = std::move(asked)}));
  for (const auto& item : history_) give(*subscribers_.back(), now, item);
  return std::nullopt;
}

Time Telemetry::due(const Subscriber& s) {
  if (s.waiting.empty()) return kNever;
  const bool full = s.bytes >= s.asked.max_bytes || s.waiting.size() >= s.asked.max_items;
  return full ? s.since : s.since + s.asked.timeout;
}

std::vector<std::string> Telemetry::take(Subscriber& s, Time now) {
  std::vector<std::string> out;
  for (std::size_t bytes = 0; !s.waiting.empty() && out.size() < s.asked.max_items;) {
    bytes += s.waiting.front().size();
    if (!out.empty() && bytes > s.asked.max_bytes) break;
    s.bytes -= s.waiting.front().size();
    out.push_back(std::move(s.waiting.front()));
    s.waiting.pop_front();
  }
  s.since = now;
  if (s.dropped > 0) {
    nlohmann::ordered_json record{
        {"reason", "Consumer seems to have fallen behind as it has not acknowledged receipt of logs."},
        {"droppedRecords", s.dropped},
        {"droppedBytes", s.dropped_bytes}};
    out.push_back(json_text(nlohmann::ordered_json{
        {"time", iso8601_ms(now)}, {"type", "platform.logsDropped"}, {"record", std::move(record)}}));
    s.dropped = s.dropped_bytes = 0;
  }
  return out;
}

void Telemetry::put_back(Subscriber& s, std::vector<std::string> batch) {
  for (const auto& event : batch) s.bytes += event.size();
  s.waiting.insert(s.waiting.begin(), std::make_move_iterator(batch.begin()),
                   std::make_move_iterator(batch.end()));
}
}  // namespace emu::runtime
