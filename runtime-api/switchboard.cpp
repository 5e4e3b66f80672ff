#include "runtime-api/switchboard.hpp"

#include <algorithm>

namespace emu::runtime {
namespace {
constexpr std::size_t kRemembered = 1600;  // ids whose time is over: as many as an environment may have slots

Mailbox::Refusal invalid_id() { return {400, "InvalidRequestID", "Invalid request ID"}; }
}  // namespace

Switchboard::Line* Switchboard::find(std::string_view id) {
  const auto at = lines_.find(id);
  return at == lines_.end() ? nullptr : &at->second;
}

const Switchboard::Line* Switchboard::find(std::string_view id) const {
  const auto at = lines_.find(id);
  return at == lines_.end() ? nullptr : &at->second;
}

std::optional<Mailbox::Refusal> Switchboard::park() {
  if (parked_ >= static_cast<std::size_t>(slots_))
    return Refusal{500, "Runtime.TooManyIdleRuntimes", "Too many idle runtimes"};
  ++parked_;
  return std::nullopt;
}

std::shared_ptr<const Delivery> Switchboard::take() {
  if (queue_.empty()) return nullptr;
  --parked_;
  auto first = std::move(queue_.front());
  queue_.pop_front();
  return first;
}

void Switchboard::leave() {
  if (parked_ > 0) --parked_;
}

std::optional<Mailbox::Refusal> Switchboard::may_answer(std::string_view id) const {
  if (const auto* line = find(id); line && !line->outcome && !line->streaming) return std::nullopt;
  if (std::ranges::find(late_, id) != late_.end()) return Refusal{410, "InvokeTimeout", "Invoke timeout"};
  return invalid_id();
}

std::optional<Mailbox::Refusal> Switchboard::begin_stream(std::string_view id) {
  if (auto refused = may_answer(id)) return refused;
  find(id)->streaming = true;
  return std::nullopt;
}

std::optional<Mailbox::Refusal> Switchboard::answer(std::string_view id, Outcome outcome) {
  auto* line = find(id);
  if (!line || !line->streaming)  // else this is the end of its stream
    if (auto refused = may_answer(id)) return refused;
  line->streaming = false;
  line->outcome = std::move(outcome);
  return std::nullopt;
}

std::shared_ptr<const Delivery> Switchboard::delivered(std::string_view id) const {
  const auto* line = find(id);
  return line ? line->delivery : nullptr;
}

bool Switchboard::streaming(std::string_view id) const {
  const auto* line = find(id);
  return line && line->streaming;
}

void Switchboard::times(std::string_view id, std::shared_ptr<const ResponseTimes> times) {
  if (auto* line = find(id)) line->times = std::move(times);
}

void Switchboard::deliver(Delivery delivery) {
  auto shared = std::make_shared<const Delivery>(std::move(delivery));
  queue_.push_back(shared);
  auto id = shared->invocation.request_id;
  lines_.insert_or_assign(std::move(id), Line{.delivery = std::move(shared)});
}

bool Switchboard::answered(std::string_view id) const {
  const auto* line = find(id);
  return line && line->outcome;
}

Switchboard::Answer Switchboard::hang_up(std::string_view id) {
  const auto at = lines_.find(id);
  Answer out{std::move(at->second.outcome).value(), std::move(at->second.times)};
  lines_.erase(at);
  return out;
}

void Switchboard::time_out(std::string_view id) {
  if (const auto at = lines_.find(id); at != lines_.end()) lines_.erase(at);
  std::erase_if(queue_, [&](const auto& d) { return d->invocation.request_id == id; });
  late_.emplace_back(id);
  if (late_.size() > kRemembered) late_.pop_front();
}
}  // namespace emu::runtime
