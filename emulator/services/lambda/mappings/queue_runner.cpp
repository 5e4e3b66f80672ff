#include "emulator/services/lambda/mappings/queue_runner.hpp"

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/log.hpp"
#include "emulator/services/lambda/destinations.hpp"
#include "emulator/services/lambda/lineage.hpp"
#include "emulator/services/lambda/mappings/closing.hpp"
#include "emulator/services/lambda/mappings/item_failures.hpp"
#include "emulator/services/lambda/ran.hpp"

namespace emu::lambda {
namespace {
using namespace std::chrono_literals;
constexpr std::size_t kMostAtOnce = 10;  // ReceiveMessage, spec-sqs 7
constexpr Duration kLongestPoll = 20s;
constexpr Duration kAbsent = 10s;  // ours: between looks for a queue that was deleted, and after a fault
constexpr Duration kFirstPause = 100ms, kLongestPause = 5s;  // ours: between attempts at a throttled function

QueueScaling::Rates rates_of(const Mapping& mapping) {
  constexpr int kPerPoller = 10, kProvisionedPerMinute = 1000;  // G.2
  QueueScaling::Rates out;
  if (mapping.maximum_concurrency) out.most = *mapping.maximum_concurrency;
  if (const auto& pollers = mapping.pollers)
    out = {pollers->least * kPerPoller, pollers->most * kPerPoller, kProvisionedPerMinute};
  return out;
}

std::string payload_of(const auto& messages) {
  std::string out = R"({"Records":[)";
  for (bool first = true; const auto& message : messages) {
    if (!std::exchange(first, false)) out += ',';
    out += message.text;
  }
  return out += "]}";
}

std::vector<std::string> handles_of(const auto& messages) {
  std::vector<std::string> out;
  for (const auto& message : messages) out.push_back(message.handle);
  return out;
}

// The message of a record, to be sent on.
Delivery delivery_of(const Json& record) {
  Delivery out;
  out.body = record.at("body").get<std::string>();
  const auto& system = record.at("attributes");
  out.trace_id = system.value("AWSTraceHeader", "");
  out.sender = system.value("SenderId", "");
  out.group_id = system.value("MessageGroupId", "");
  out.deduplication_id = system.value("MessageDeduplicationId", "");
  for (const auto& [name, value] : record.at("messageAttributes").items()) {
    const auto type = value.at("dataType").get<std::string>();
    auto text = value.value("stringValue", "");
    if (value.contains("binaryValue")) text = base64_decode(value.value("binaryValue", "")).value_or("");
    out.attributes.push_back({name, type, std::move(text)});
  }
  return out;
}
}  // namespace

awaitable<void> QueueRunner::run() {
  while (!over()) {
    bool good = false;
    try {
      co_await cycle();
      good = true;
    } catch (...) {  // a full disk, say: what was received comes back by itself
      log_caught("a mapping of a queue");
    }
    if (!good) co_await rest();
  }
}

awaitable<void> QueueRunner::cycle() {
  if (!co_await turn()) co_return;
  auto batch = co_await collect();
  if (batch.messages.empty()) co_return;
  scaling_.with([](QueueScaling& scaling) { scaling.started(); });
  const auto hold = [](std::shared_ptr<QueueRunner> self, Batch held) -> awaitable<void> {
    co_await self->handle(std::move(held));
  };
  lambda_.loops.spawn(hold(std::static_pointer_cast<QueueRunner>(shared_from_this()), std::move(batch)));
}

awaitable<void> QueueRunner::rest() {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  interrupted_by_change(wakeup);
  if (working()) co_await lambda_.clock.wait(wakeup, lambda_.clock.now() + kAbsent);
}

awaitable<bool> QueueRunner::turn() {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  interrupted_by_change(wakeup);
  if (over()) co_return false;
  Time until = kNever;
  if (working()) {
    const auto now = lambda_.clock.now();
    const auto rates = rates_of(*mapping());
    const bool may = scaling_.with([&](QueueScaling& scaling) {
      scaling.follow(rates);
      until = scaling.next(now);
      return scaling.may_start(now);
    });
    if (may) co_return true;
  }
  co_await lambda_.clock.wait(wakeup, until);
  co_return false;
}

const Filters& QueueRunner::filters(const SharedMapping& mapping) {
  if (filtered_ != mapping) filters_ = Filters(mapping->filters);
  filtered_ = mapping;
  return filters_;
}

awaitable<QueueRunner::Batch> QueueRunner::collect() {
  Batch batch{mapping(), {}};
  const auto& mapping = *batch.mapping;
  auto* queues = lambda_.ports.queue_source(mapping.source_arn);
  Closing closing(static_cast<std::size_t>(mapping.batch_size), std::chrono::seconds(mapping.window_s));
  for (auto& message : std::exchange(carried_, {})) add(std::move(message), batch, closing);
  while (carried_.empty()) {
    const auto now = lambda_.clock.now();
    if (closing.closed(now)) break;
    const auto poll = new_poll();
    if (!working() || this->mapping() != batch.mapping) break;  // from here on a change abandons the poll
    const auto wait = closing.empty() ? kLongestPoll : closing.until() - now;
    const auto most = std::min(kMostAtOnce, closing.room());
    auto records = co_await queues->receive(mapping.source_arn, most, wait, poll);
    const auto settings = queues->settings(mapping.source_arn);
    if (!records || !settings) {  // deleted; it may be created anew
      co_await rest();
      break;
    }
    const auto until = lambda_.clock.now() + settings->visibility;
    co_await sift(std::move(*records), until, batch, closing);
    if (batch.messages.empty() && poll->abandoned()) break;
  }
  give_back_of_groups(mapping);
  co_return batch;
}

// What was carried over of a FIFO queue must not be under way beside what came before it in its group: the
// queue shows it again, in order.
void QueueRunner::give_back_of_groups(const Mapping& mapping) {
  if (carried_.empty() || !mapping.source_arn.ends_with(".fifo")) return;
  const auto handles = handles_of(std::exchange(carried_, {}));
  if (auto* queues = lambda_.ports.queue_source(mapping.source_arn))
    static_cast<void>(queues->show_again(mapping.source_arn, handles, Duration{0}));
}

awaitable<void> QueueRunner::sift(Json records, Time until, Batch& batch, Closing& closing) {
  const auto& filters = this->filters(batch.mapping);
  const auto function = lambda_.registry.find(scope_, batch.mapping->function);
  std::vector<std::string> misses;
  for (auto& record : records) {
    auto handle = record.at("receiptHandle").get<std::string>();
    auto trace = record.at("attributes").value("AWSTraceHeader", "");
    if (!filters.empty() && !filters.pass_message(record)) {
      misses.push_back(std::move(handle));
    } else if (!trace.empty() && function && Lambda::in_loop(*function, trace)) {
      co_await stop_recursion(batch.mapping->source_arn, std::move(record));
      misses.push_back(std::move(handle));
    } else {
      add({record.at("messageId").get<std::string>(), std::move(handle), std::move(trace), json_text(record),
           until},
          batch, closing);
    }
  }
  if (!misses.empty()) remove(*batch.mapping, std::move(misses));
}

void QueueRunner::add(Message message, Batch& batch, Closing& closing) {
  if (carried_.empty() && closing.add(message.text.size(), lambda_.clock.now()))
    batch.messages.push_back(std::move(message));
  else
    carried_.push_back(std::move(message));
}

// To the queue's dead letters, or dropped (spec-lambda H).
awaitable<void> QueueRunner::stop_recursion(std::string queue, Json record) {
  const auto what = fmt::format("message {} of a recursive loop", record.at("messageId").get<std::string>());
  const auto settings = lambda_.ports.queue_source(queue)->settings(queue);
  if (settings && !settings->dead_letters.empty())
    co_await deliver(lambda_.ports, settings->dead_letters, delivery_of(record), what);
  else
    log_warning(fmt::format("{} was dropped", what));
}

awaitable<void> QueueRunner::handle(Batch batch) {
  auto end = QueueScaling::End::failed;
  try {
    end = co_await invoke(batch);
  } catch (...) {
    log_caught("a batch of a queue");
  }
  const auto now = lambda_.clock.now();
  scaling_.with([&](QueueScaling& scaling) { scaling.ended(end, now); });
  wake();
}

awaitable<QueueScaling::End> QueueRunner::invoke(const Batch& batch) {
  const auto& mapping = *batch.mapping;
  const auto function = function_arn(scope_, mapping.function);
  const auto& messages = batch.messages;
  const auto until = std::ranges::min(messages, {}, &Message::until).until;
  // The chain that has come the farthest is counted on.
  const auto& trace =
      std::ranges::max(messages, {}, [&](const Message& m) { return visits(m.trace, function); }).trace;
  for (auto pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    runtime::Invocation invocation{.request_id = lambda_.ids.uuid(),
                                   .payload = payload_of(messages),
                                   .trace_id = visited(trace, function)};
    const auto ran =
        co_await run_once(lambda_, scope_, {mapping.function, mapping.qualifier}, std::move(invocation));
    if (!ran) co_return QueueScaling::End::failed;  // there is no such function any more
    if (ran->outcome.kind != runtime::Outcome::Kind::throttled) co_return conclude(batch, ran->outcome);
    const auto now = lambda_.clock.now();
    scaling_.with([&](QueueScaling& scaling) { scaling.throttled(now); });
    if (now + pause >= until) co_return QueueScaling::End::throttled;
    co_await lambda_.clock.sleep(pause);
  }
}

QueueScaling::End QueueRunner::conclude(const Batch& batch, const runtime::Outcome& outcome) {
  if (outcome.kind != runtime::Outcome::Kind::ok) return QueueScaling::End::failed;
  ItemFailures failures;
  if (batch.mapping->reports_failures) {
    std::vector<std::string_view> ids;
    for (const auto& message : batch.messages) ids.push_back(message.id);
    failures = item_failures(outcome.payload, ids);
  }
  std::vector<std::string> handles;
  for (std::size_t i = 0; i < batch.messages.size() && !failures.whole_batch; ++i)
    if (!std::ranges::binary_search(failures.places, i)) handles.push_back(batch.messages[i].handle);
  if (handles.empty()) return QueueScaling::End::failed;
  remove(*batch.mapping, std::move(handles));
  return QueueScaling::End::good;
}

void QueueRunner::remove(const Mapping& mapping, std::vector<std::string> handles) {
  if (auto* queues = lambda_.ports.queue_source(mapping.source_arn))
    static_cast<void>(queues->remove(mapping.source_arn, handles));  // the queue may be gone by now
}
}  // namespace emu::lambda
