#include "emulator/services/sqs/send.hpp"

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/message_rows.hpp"

namespace emu::sqs {
namespace {
struct Staged {
  std::uint64_t sequence = 0;
  MessageState state;
  Digest duplicate = kNoDigest;
};

Message made(Sqs& service, Outgoing&& out, Time now) {
  Message message;
  message.id = service.ids.uuid();
  message.sent = now;
  message.sender = std::move(out.sender);
  message.body_md5 = md5(out.body);
  message.body = std::move(out.body);
  message.attributes = std::move(out.attributes);
  message.group = std::move(out.group);
  message.deduplication = std::move(out.deduplication);
  message.trace = std::move(out.trace);
  return message;
}

Staged stage(storage::Batch& batch, Queue& queue, const Message& message, Duration delay, Time now) {
  Staged out{queue.next_sequence(now), {now, now + delay}};
  out.state.group = digest_of(message.group);
  batch.put(message_row(queue.id, out.sequence), encode_message(message));
  batch.put(state_row(queue.id, out.sequence), encode_state(out.state));
  return out;
}

Sent sent(const Message& message, const Staged& staged) {
  return {message.id, hex(message.body_md5), staged.sequence};
}

// Nobody knows of the messages before they are written, and their order is nobody's: only where they are put
// into the queue others have to wait.
Result<std::vector<Sent>> send_standard(Sqs& service, Queue& queue, std::span<Outgoing> messages) {
  const std::shared_lock open(queue.gate);
  if (queue.gone) return no_such_queue();
  const auto settings = queue.settings();
  const Time now = service.clock.now();
  std::vector<Sent> out;
  std::vector<Staged> staged;
  storage::Batch batch;
  for (auto& outgoing : messages) {
    const auto delay = outgoing.delay.value_or(settings->delay);
    const auto message = made(service, std::move(outgoing), now);
    staged.push_back(stage(batch, queue, message, delay, now));
    out.push_back(sent(message, staged.back()));
  }
  service.disk.write(batch);
  queue.with(service.clock, [&](Queue::State& state, Time) {
    for (const auto& one : staged) state.messages->add(one.sequence, one.state);
    return Done{};
  });
  return out;
}

// The sends of one request to a FIFO queue, whose lock is held.
class FifoSend {
 public:
  FifoSend(Sqs& service, Queue& queue, Queue::State& state, Time now)
      : service_(service), queue_(queue), state_(state), now_(now) {}

  void add(Outgoing&& outgoing) {
    if (outgoing.deduplication.empty()) outgoing.deduplication = hex(sha256(outgoing.body));
    const auto id = digest_of(scoped(outgoing));
    if (auto first = earlier(id)) {
      first->body_md5 = hex(md5(outgoing.body));
      out_.push_back(std::move(*first));
      return;
    }
    const auto message = made(service_, std::move(outgoing), now_);
    staged_.push_back(stage(batch_, queue_, message, state_.settings->delay, now_));
    staged_.back().duplicate = id;
    batch_.put(deduplication_row(queue_.id, staged_.back().sequence),
               encode_duplicate({id, now_, message.id}));
    out_.push_back(sent(message, staged_.back()));
  }

  std::vector<Sent> commit() {
    if (!staged_.empty()) {
      state_.stage_leftovers(batch_, queue_.id);
      service_.disk.write(batch_);
    }
    for (const auto& one : staged_) {
      state_.messages->add(one.sequence, one.state);
      state_.fifo->deduplication.add(one.duplicate, one.sequence, now_);
    }
    return std::move(out_);
  }

 private:
  std::string scoped(const Outgoing& outgoing) const {
    if (!state_.settings->deduplicates_per_group) return outgoing.deduplication;
    return fmt::format("{} {}", outgoing.group, outgoing.deduplication);  // neither has a blank in it
  }
  // The message that was accepted with this id: before, or with this request.
  std::optional<Sent> earlier(const Digest& id) const {
    const auto staged = std::ranges::find(staged_, id, &Staged::duplicate);
    if (staged != staged_.end()) return *std::ranges::find(out_, staged->sequence, &Sent::sequence);
    const auto sequence = state_.fifo->deduplication.find(id, now_);
    if (!sequence) return std::nullopt;
    const auto row = service_.disk.get(deduplication_row(queue_.id, *sequence).bytes());
    const auto known = row ? decode_duplicate(*row) : std::nullopt;
    if (!known) throw std::runtime_error("a deduplication of queue " + queue_.name + " cannot be read");
    return Sent{known->message_id, {}, *sequence};
  }
  Sqs& service_;
  Queue& queue_;
  Queue::State& state_;
  const Time now_;
  storage::Batch batch_;
  std::vector<Staged> staged_;
  std::vector<Sent> out_;
};
}  // namespace

std::string sequence_text(std::uint64_t sequence) { return fmt::format("188{:017}", sequence); }

Result<std::vector<Sent>> send(Sqs& service, Queue& queue, std::span<Outgoing> messages) {
  if (!queue.fifo) return send_standard(service, queue, messages);
  return queue.with(service.clock, [&](Queue::State& state, Time now) -> Result<std::vector<Sent>> {
    if (state.deleted) return no_such_queue();
    FifoSend sending(service, queue, state, now);
    for (auto& outgoing : messages) sending.add(std::move(outgoing));
    return sending.commit();
  });
}
}  // namespace emu::sqs
