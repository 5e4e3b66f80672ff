// PutLogEvents, GetLogEvents, FilterLogEvents.
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "emulator/base/text.hpp"
#include "emulator/services/logs/groups.hpp"
#include "emulator/services/logs/terms.hpp"

namespace emu::logs {
namespace {
constexpr std::size_t kMostEvents = 10'000, kMostBytes = 1'048'576;  // PutLogEvents
constexpr auto kTooNew = std::chrono::hours(2);
constexpr auto kTooOld = std::chrono::days(14);
constexpr std::int64_t kLongestSpan = 24 * 3600 * 1000;  // milliseconds
constexpr int kMostShown = 10'000;

struct GivenEvent {
  std::int64_t timestamp = 0;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(GivenEvent, (), (timestamp, message))
struct PutInput {
  std::string logGroupName, logStreamName;
  std::vector<GivenEvent> logEvents;
  std::optional<Json> sequenceToken, entity;
};
BOOST_DESCRIBE_STRUCT(PutInput, (), (logGroupName, logStreamName, logEvents, sequenceToken, entity))
struct Rejected {
  std::optional<int> tooNewLogEventStartIndex, tooOldLogEventEndIndex, expiredLogEventEndIndex;
};
BOOST_DESCRIBE_STRUCT(Rejected, (),
                      (tooNewLogEventStartIndex, tooOldLogEventEndIndex, expiredLogEventEndIndex))
struct PutOutput {
  std::string nextSequenceToken;
  std::optional<Rejected> rejectedLogEventsInfo;
};
BOOST_DESCRIBE_STRUCT(PutOutput, (), (nextSequenceToken, rejectedLogEventsInfo))

struct GetInput {
  std::optional<std::string> logGroupName, logGroupIdentifier;
  std::string logStreamName;
  std::optional<std::int64_t> startTime, endTime;
  std::optional<std::string> nextToken;
  std::optional<int> limit;
  std::optional<bool> startFromHead;
  std::optional<Json> unmask;
};
BOOST_DESCRIBE_STRUCT(GetInput, (),
                      (logGroupName, logGroupIdentifier, logStreamName, startTime, endTime, nextToken, limit,
                       startFromHead, unmask))
struct ShownEvent {
  std::int64_t timestamp = 0;
  std::string message;
  std::int64_t ingestionTime = 0;
};
BOOST_DESCRIBE_STRUCT(ShownEvent, (), (timestamp, message, ingestionTime))
struct GetOutput {
  std::vector<ShownEvent> events;
  std::string nextForwardToken, nextBackwardToken;
};
BOOST_DESCRIBE_STRUCT(GetOutput, (), (events, nextForwardToken, nextBackwardToken))

struct FilterInput {
  std::optional<std::string> logGroupName, logGroupIdentifier;
  std::optional<std::vector<std::string>> logStreamNames;
  std::optional<std::string> logStreamNamePrefix;
  std::optional<std::int64_t> startTime, endTime;
  std::optional<std::string> filterPattern, nextToken;
  std::optional<int> limit;
  std::optional<Json> interleaved, unmask;
};
BOOST_DESCRIBE_STRUCT(FilterInput, (),
                      (logGroupName, logGroupIdentifier, logStreamNames, logStreamNamePrefix, startTime,
                       endTime, filterPattern, nextToken, limit, interleaved, unmask))
struct FoundEvent {
  std::string logStreamName;
  std::int64_t timestamp = 0;
  std::string message;
  std::int64_t ingestionTime = 0;
  std::string eventId;
};
BOOST_DESCRIBE_STRUCT(FoundEvent, (), (logStreamName, timestamp, message, ingestionTime, eventId))
struct FilterOutput {
  std::vector<FoundEvent> events;
  std::vector<Empty> searchedLogStreams;  // AWS has stopped telling them
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(FilterOutput, (), (events, searchedLogStreams, nextToken))

// A place as 56 digits, as event ids and tokens have them.
std::string digits(const Place& place) {
  return fmt::format("{:020}{:036}", place.timestamp, place.sequence);
}

std::optional<Place> place_in(std::string_view text) {
  if (text.size() != 56) return std::nullopt;
  const auto time = number_in<std::int64_t>(text.substr(0, 20));
  const auto sequence = number_in<std::uint64_t>(text.substr(20));
  return time && sequence ? std::optional(Place{*time, *sequence}) : std::nullopt;
}

void check_limit(const std::optional<int>& limit) {
  if (limit && (*limit < 1 || *limit > kMostShown))
    throw violated(std::to_string(*limit), "limit",
                   *limit < 1 ? "Member must have value greater than or equal to 1"
                              : "Member must have value less than or equal to 10000");
}

Place begin_of(const std::optional<std::int64_t>& time) { return {time.value_or(0), 0}; }
Place end_of(const std::optional<std::int64_t>& time) {
  return {time.value_or(std::numeric_limits<std::int64_t>::max()), 0};
}

Result<PutOutput> put_events(Logs& logs, Context& context, PutInput in) {
  const auto group = group_of(logs, context.scope, in.logGroupName);
  if (!logs.streams.has(group, in.logStreamName)) return no_such_stream();
  if (in.logEvents.empty())
    return violated("[]", "logEvents", "Member must have length greater than or equal to 1");
  if (in.logEvents.size() > kMostEvents)
    return violated("[…]", "logEvents", "Member must have length less than or equal to 10000");
  std::size_t bytes = 0;
  for (const auto& event : in.logEvents) {
    bytes += event.message.size() + static_cast<std::size_t>(kEventOverhead);
    if (event.message.empty())
      return violated("", "logEvents.1.member.message", "Member must have length greater than or equal to 1");
    if (event.timestamp < 0)
      return violated(std::to_string(event.timestamp), "logEvents.1.member.timestamp",
                      "Member must have value greater than or equal to 0");
  }
  if (bytes > kMostBytes)
    return invalid(fmt::format("Upload too large: {} bytes exceeds limit of {}", bytes, kMostBytes));
  if (!std::ranges::is_sorted(in.logEvents, {}, &GivenEvent::timestamp))
    return invalid("Log events in a single PutLogEvents request must be in chronological order.");
  if (in.logEvents.back().timestamp - in.logEvents.front().timestamp > kLongestSpan)
    return invalid(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  const auto now = logs.clock.now();
  const auto newest = epoch_ms(now + kTooNew), oldest = epoch_ms(now - kTooOld);
  const auto days = logs.with(context.scope, [&](const auto& groups) {
    const auto it = groups.find(group.name);
    return it == groups.end() ? std::nullopt : it->second.group.retentionInDays;
  });
  const auto expires = days ? epoch_ms(now - std::chrono::days(*days)) : std::int64_t{0};
  Rejected rejected;
  std::vector<Event> events;
  for (int i = 0; auto& event : in.logEvents) {
    if (event.timestamp > newest)
      rejected.tooNewLogEventStartIndex = rejected.tooNewLogEventStartIndex.value_or(i);
    else if (event.timestamp < oldest)
      rejected.tooOldLogEventEndIndex = i + 1;
    else if (event.timestamp < expires)
      rejected.expiredLogEventEndIndex = i + 1;
    else
      events.push_back({event.timestamp, epoch_ms(now), std::move(event.message)});
    ++i;
  }
  const bool all = events.size() == in.logEvents.size();
  logs.streams.write_gathered();
  if (!logs.streams.append(group, in.logStreamName, std::move(events))) return no_such_stream();
  PutOutput out{digits({epoch_ms(now), 0}), std::nullopt};
  if (!all) out.rejectedLogEventsInfo = rejected;
  return out;
}

Result<GetOutput> get_events(Logs& logs, Context& context, GetInput in) {
  const auto group = group_of(logs, context.scope, in.logGroupName, in.logGroupIdentifier);
  check_limit(in.limit);
  logs.streams.write_gathered();
  if (!logs.streams.has(group, in.logStreamName)) return no_such_stream();
  auto from = begin_of(in.startTime), to = end_of(in.endTime);
  bool forwards = in.startFromHead.value_or(false);
  std::optional<Place> stands;
  if (in.nextToken) {
    const std::string_view token = *in.nextToken;
    forwards = token.starts_with("f/");
    stands = token.size() == 60 && token.ends_with("/s") && (forwards || token.starts_with("b/"))
                 ? place_in(token.substr(2, 56))
                 : std::nullopt;
    if (!stands) return invalid("The specified nextToken is invalid.");
    if (forwards)
      from = std::max(from, Place{stands->timestamp, stands->sequence + 1});
    else
      to = std::min(to, *stands);
  }
  GetOutput out;
  std::optional<Place> first, last;
  const auto most = static_cast<std::size_t>(in.limit.value_or(kMostShown));
  std::size_t bytes = 0;
  logs.streams.read(group, in.logStreamName, from, to, forwards, [&](Place place, Event event) {
    bytes += event.message.size() + static_cast<std::size_t>(kEventOverhead);
    out.events.push_back({event.timestamp, std::move(event.message), event.ingestion});
    if (!first) first = place;
    last = place;
    return out.events.size() < most && bytes < kMostBytes;
  });
  if (!forwards) {
    std::ranges::reverse(out.events);
    std::swap(first, last);
  }
  // At an end the token stays what it was.
  const auto here = stands.value_or(forwards ? from : Place{});
  out.nextForwardToken = "f/" + digits(last.value_or(here)) + "/s";
  out.nextBackwardToken = "b/" + digits(first.value_or(here)) + "/s";
  return out;
}

// What FilterLogEvents has found so far, and where it looks next: a stream is read in steps, so that the
// other work of its loop goes on between them.
struct Search {
  Group group;
  Terms terms;
  Place from, to;
  std::optional<Place> after;  // the last event of the page before, of after_stream
  std::string after_stream;
  std::size_t most = 0;
  int rows = 0;  // read in this step, of whatever streams
  std::vector<std::tuple<Place, std::string, Event>> found;
};
constexpr int kRowsOfStep = 2000;

// The `most` events that come first, and one more: it tells that there are more.
void keep_earliest(Search& search) {
  std::ranges::sort(search.found, {}, [](const auto& f) { return std::tie(std::get<0>(f), std::get<1>(f)); });
  if (search.found.size() > search.most + 1) search.found.resize(search.most + 1);
}

struct InStream {
  Place from;
  std::size_t found = 0, bytes = 0;
};
// False: nothing more of this stream is wanted, or there.
bool search_step(const Logs& logs, Search& search, const std::string& stream, InStream& at) {
  bool enough = false;
  logs.streams.read(search.group, stream, at.from, search.to, true, [&](Place place, Event event) {
    at.from = {place.timestamp, place.sequence + 1};
    const bool shown =
        search.after && std::tie(place, stream) <= std::tie(*search.after, search.after_stream);
    if (!shown && search.terms.match(event.message)) {
      at.bytes += event.message.size() + static_cast<std::size_t>(kEventOverhead);
      search.found.emplace_back(place, stream, std::move(event));
      enough = ++at.found > search.most || at.bytes >= kMostBytes;
    }
    return !enough && ++search.rows < kRowsOfStep;
  });
  return !enough && search.rows >= kRowsOfStep;
}

FilterOutput page_of(Search search) {
  keep_earliest(search);
  std::size_t bytes = 0;
  FilterOutput out;
  for (auto& [place, name, event] : search.found) {
    if (out.events.size() == search.most || bytes >= kMostBytes) {
      out.nextToken = out.events.back().eventId + out.events.back().logStreamName;
      break;
    }
    bytes += event.message.size() + static_cast<std::size_t>(kEventOverhead);
    out.events.push_back({name, event.timestamp, std::move(event.message), event.ingestion, digits(place)});
  }
  return out;
}

awaitable<Result<FilterOutput>> filter_events(Logs& logs, Context& context, FilterInput in) {
  Search search{.group = group_of(logs, context.scope, in.logGroupName, in.logGroupIdentifier),
                .terms = Terms(in.filterPattern.value_or("")),
                .from = begin_of(in.startTime),
                .to = end_of(in.endTime)};
  check_limit(in.limit);
  if (in.logStreamNames && in.logStreamNamePrefix)
    co_return invalid("LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.");
  logs.streams.write_gathered();
  for (const auto& name : in.logStreamNames.value_or(std::vector<std::string>{}))
    if (!logs.streams.has(search.group, name)) co_return no_such_stream();
  if (in.nextToken) {
    search.after = place_in(std::string_view(*in.nextToken).substr(0, 56));
    if (!search.after) co_return invalid("The specified nextToken is invalid.");
    search.after_stream = in.nextToken->substr(56);
    search.from = std::max(search.from, *search.after);
  }
  search.most = static_cast<std::size_t>(in.limit.value_or(kMostShown));
  for (const auto& stream : logs.streams.all(search.group)) {
    const auto& name = stream.logStreamName;
    if (in.logStreamNamePrefix && !name.starts_with(*in.logStreamNamePrefix)) continue;
    if (in.logStreamNames && std::ranges::find(*in.logStreamNames, name) == in.logStreamNames->end())
      continue;
    InStream at{search.from};
    for (bool more = true; more;) {
      more = search_step(logs, search, name, at);
      if (search.rows < kRowsOfStep) continue;
      search.rows = 0;
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    if (search.found.size() > 2 * search.most) keep_earliest(search);
  }
  co_return page_of(std::move(search));
}

constexpr std::string_view kPutIgnored[] = {"entity", "sequenceToken"};  // AWS ignores the token, too
constexpr std::string_view kGetIgnored[] = {"unmask"};
constexpr std::string_view kFilterIgnored[] = {"interleaved", "unmask"};
constexpr Operation kEventRows[] = {
    op<put_events>("PutLogEvents").ignoring(kPutIgnored),
    op<get_events>("GetLogEvents").ignoring(kGetIgnored),
    op<filter_events>("FilterLogEvents").ignoring(kFilterIgnored),
};
}  // namespace

std::span<const Operation> event_operations() { return kEventRows; }
}  // namespace emu::logs
