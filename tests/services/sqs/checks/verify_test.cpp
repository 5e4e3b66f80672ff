#include "emulator/services/sqs/message.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::string defect(SqsWorld& w) {
  const auto report = w.verified();
  return report.sound() ? "" : report.defects().front().what;
}
// The row of the queue's first message in this space.
storage::Key row(SqsWorld& w, storage::Space space, std::string_view name) {
  const auto prefix = storage::Key(space).u64(w.found(name)->id);
  const auto first = storage::first_key(w.disk, storage::prefix(prefix));
  REQUIRE(first);
  return storage::Key(prefix).u64(sqs::sequence_of(*first));
}
}  // namespace

TEST_CASE("verify looks at every row of a queue and finds what does not fit") {
  SqsWorld w;
  w.queue();
  w.queue("q.fifo");
  w.send("q", "a");
  w.send_to("g", "b");
  w.receive("q");
  const auto report = w.verified();
  CHECK(report.sound());
  for (const auto space : {storage::Space::queues, storage::Space::messages, storage::Space::message_states,
                           storage::Space::deduplications, storage::Space::move_tasks})
    CHECK(report.covered(space));
  storage::Batch damage;
  SUBCASE("a message without a body") {
    damage.erase(row(w, storage::Space::messages, "q"));
    w.disk.write(damage);
    CHECK(defect(w) == "it has a state but no body");
  }
  SUBCASE("a body without a state") {
    damage.erase(row(w, storage::Space::message_states, "q"));
    w.disk.write(damage);
    CHECK(defect(w) == "it has a body but no state");
  }
  SUBCASE("a state that cannot be read") {
    damage.put(row(w, storage::Space::message_states, "q"), "x");
    w.disk.write(damage);
    CHECK(defect(w) == "its state cannot be read");
  }
  SUBCASE("a state that was received and never counted") {
    damage.put(row(w, storage::Space::message_states, "q"), sqs::encode_state({.fresh = false}));
    w.disk.write(damage);
    CHECK(defect(w) == "it was received, but never counted");
  }
  SUBCASE("another body") {
    const auto at = row(w, storage::Space::messages, "q");
    auto bytes = *w.disk.get(at.bytes());
    bytes.back() = 'z';
    damage.put(at, bytes);
    w.disk.write(damage);
    CHECK(defect(w) == "its body is not the one that was sent");
  }
  SUBCASE("another group") {
    damage.put(row(w, storage::Space::message_states, "q.fifo"), sqs::encode_state({}));
    w.disk.write(damage);
    CHECK(defect(w) == "its state names another group");
  }
  SUBCASE("a deduplication id of another message") {
    damage.put(row(w, storage::Space::deduplications, "q.fifo"),
               sqs::encode_duplicate({{1, 2}, {}, "other"}));
    w.disk.write(damage);
    CHECK(defect(w) == "its deduplication id stands for another message");
  }
}

TEST_CASE("rows of a queue that is gone are counted by verify and erased by the next start") {
  SqsWorld w;
  w.queue();
  w.send("q", "a");
  storage::Batch batch;
  batch.erase(storage::Key(storage::Space::queues).text("000000000000").text("us-east-1").text("q"));
  w.disk.write(batch);
  CHECK(w.verified().document().at("counts").at("rows of what was deleted, which the next start erases") ==
        2);
  w.restart();
  CHECK_FALSE(
      w.verified().document().at("counts").contains("rows of what was deleted, which the next start erases"));
}

TEST_CASE("rows read back as they were written, and bytes that are none are told from them") {
  sqs::Message message{"id",
                       Time{5us},
                       "sender",
                       "body",
                       "0123456789abcdef",
                       {{"n", "String", "v"}, {"b", "Binary", {"\0x", 2}, true}},
                       "g",
                       "d",
                       "trace",
                       "arn"};
  const auto bytes = sqs::encode_message(message);
  CHECK(sqs::decode_message(bytes) == message);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    if (const auto cut = sqs::decode_message(storage::BytesView(bytes).substr(0, n))) CHECK(*cut != message);
  sqs::MessageState state{Time{1us}, Time{2us}, false, 3, Time{4us}, Time{5us}, 6, {7, 8}, {9, 10}};
  CHECK(sqs::decode_state(sqs::encode_state(state)) == state);
  CHECK(sqs::decode_state(sqs::encode_state({})) == sqs::MessageState{});
  const auto of_state = sqs::encode_state(state);
  for (std::size_t n = 0; n < of_state.size(); ++n)
    CHECK_FALSE(sqs::decode_state(storage::BytesView(of_state).substr(0, n)));
}
