// Thousands of random operations on a queue and on the model of one: whatever they do, both say the same.
// What fails is shrunk to the steps that are needed for it. EMU_SEED repeats a run, EMU_STEPS lengthens it.
#include "tests/services/sqs/model.hpp"

#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Step {
  unsigned what = 0, a = 0, b = 0;
};

int setting(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  return text ? std::atoi(text) : otherwise;
}

constexpr int kMostReceives = 4;

// One run. check() throws what went wrong.
class Trial {
 public:
  explicit Trial(bool fifo) : fifo_(fifo), name_(fifo ? "q.fifo" : "q") {
    queue_.fifo = fifo;
    Json attributes{{"MessageRetentionPeriod", "3600"}};
    if (!fifo) {
      w_.queue("letters", {{"MessageRetentionPeriod", "3600"}});
      attributes["RedrivePolicy"] =
          Json{{"deadLetterTargetArn", w_.arn("letters")}, {"maxReceiveCount", kMostReceives}}.dump();
    }
    w_.queue(name_, attributes);
  }
  std::string run(const std::vector<Step>& steps) {
    try {
      for (const auto& step : steps) take(step);
      check(w_.verified().sound(), "verify");
      return {};
    } catch (const std::string& wrong) {
      return wrong;
    }
  }

 private:
  void check(bool good, const std::string& what) {
    if (!good) throw what;
  }
  void check_same(const std::string& got, const std::string& wanted, const char* what) {
    check(got == wanted, std::string(what) + ": " + got + " instead of " + wanted);
  }

  void take(const Step& s) {
    const unsigned kind = s.what % 20;
    if (kind < 6)
      send(s);
    else if (kind < 11)
      receive(s);
    else if (kind < 14)
      remove(s);
    else if (kind < 16)
      change(s);
    else if (kind < 18)
      pass(std::chrono::seconds(s.a % 40));
    else if (kind == 18 && s.a % 4 == 0)
      restart();
    else if (s.a % 40 == 0)
      purge();
    else if (s.a % 10 == 1)
      pass(std::chrono::seconds(1200));
    check_same(w_.counts(name_), queue_.counts(), "counts");
    if (!fifo_) check_same(w_.counts("letters"), letters_.counts(), "counts of the dead letters");
  }

  void send(const Step& s) {
    const auto body = "m" + std::to_string(sent_++);
    ModelMessage message{.body = body};
    message.since = w_.clock.now();
    Json more = Json::object();
    if (fifo_) {
      message.group = std::string(1, static_cast<char>('a' + s.a % 4));
      const auto id = "d" + std::to_string(s.b % 12);
      more = {{"MessageGroupId", message.group}, {"MessageDeduplicationId", id}};
      const auto known = accepted_.find(id);
      const bool duplicate = known != accepted_.end() && w_.clock.now() - known->second.first < 5min;
      const std::string answered = w_.send(name_, body, more).at("MessageId");
      check(duplicate == (known != accepted_.end() && known->second.second == answered),
            "deduplication of " + id);
      if (duplicate) return;
      accepted_[id] = {w_.clock.now(), answered};
    } else {
      const int delay = s.a % 3 == 0 ? static_cast<int>(s.b % 20) : 0;
      message.visible_at = Time{} + std::chrono::seconds(delay);
      w_.send(name_, body, {{"DelaySeconds", delay}});
    }
    queue_.add(std::move(message), w_.clock.now());
  }

  void receive(const Step& s) {
    const bool of_letters = !fifo_ && s.a % 5 == 0;
    auto& from = of_letters ? letters_ : queue_;
    const auto most = 1 + s.a % 10;
    const int timeout = s.b % 4 == 0 ? 0 : static_cast<int>(s.b % 50);
    const auto got = w_.receive(of_letters ? "letters" : name_,
                                {{"MaxNumberOfMessages", most}, {"VisibilityTimeout", timeout}});
    if (fifo_)
      check_fifo(got, most);
    else
      check_same(w_.bodies_of(got), expected(from, most), "received");
    for (const auto& m : got) {
      auto& message = *from.find(m.at("Body"));
      ++message.receives;
      check_same(m.at("Attributes").at("ApproximateReceiveCount"), std::to_string(message.receives),
                 "receive count");
      if (!message.handle.empty()) message.old_handles.push_back(message.handle);
      message.handle = m.at("ReceiptHandle");
      message.fresh = false;
      message.visible_at = w_.clock.now() + std::chrono::seconds(timeout);
      from.settle(message, w_.clock.now());
    }
  }
  std::string expected(ModelQueue& from, std::size_t most) {
    for (;;) {
      const auto next = from.next(most);
      std::vector<std::string> dead;
      for (const auto* m : next)
        if (&from == &queue_ && m->receives >= kMostReceives) dead.push_back(m->body);
      for (const auto& body : dead) {
        auto letter = *queue_.find(body);
        queue_.erase(body);
        letter.fresh = true;
        letter.visible_at = Time{};
        letter.handle.clear();
        letter.old_handles.clear();
        letters_.add(std::move(letter), w_.clock.now());
      }
      if (!dead.empty()) continue;
      std::string out;
      for (const auto* m : next) out += (out.empty() ? "" : " ") + m->body;
      return out;
    }
  }
  // Whole groups one behind the other, of each its first ones that are visible, as many as were asked for.
  void check_fifo(const Json& got, std::size_t most) {
    std::size_t deliverable = 0;
    for (const auto* group : {"a", "b", "c", "d"}) deliverable += queue_.ready(group).size();
    check(got.size() == std::min(most, deliverable), "number of messages");
    std::set<std::string> done;
    for (std::size_t i = 0; i < got.size();) {
      const std::string group = got[i].at("Attributes").at("MessageGroupId");
      check(done.insert(group).second, "group " + group + " comes twice");
      const auto ready = queue_.ready(group);
      for (std::size_t n = 0; i < got.size() && got[i].at("Attributes").at("MessageGroupId") == group;
           ++n, ++i)
        check(n < ready.size() && got[i].at("Body") == ready[n]->body, "order of group " + group);
    }
  }

  // A message of the queue, received or not; null if there is none.
  ModelMessage* any(unsigned which) {
    return queue_.messages.empty() ? nullptr : &queue_.messages[which % queue_.messages.size()];
  }
  // One of its handles, mostly the last; "" if it has none.
  static std::string some_handle(const ModelMessage& m, unsigned which) {
    if (m.old_handles.empty() || which % 4 != 0) return m.handle;
    return m.old_handles[which % m.old_handles.size()];
  }
  bool holds(const ModelMessage& m, const std::string& handle) const {
    return !m.visible && handle == m.handle;
  }

  void remove(const Step& s) {
    auto* const message = any(s.a);
    if (!message || message->handle.empty()) return;
    const auto handle = some_handle(*message, s.b);
    const bool refused = fifo_ && !holds(*message, handle);
    const auto out =
        w_.attempt(*w_.sqs, "DeleteMessage", {{"QueueUrl", w_.url(name_)}, {"ReceiptHandle", handle}});
    check(!out == refused, "deletion of " + message->body);
    if (!refused) queue_.erase(message->body);
  }
  void change(const Step& s) {
    auto* const message = any(s.a);
    if (!message || message->handle.empty()) return;
    const auto handle = some_handle(*message, s.b);
    const int timeout = s.b % 3 == 0 ? 0 : static_cast<int>(s.b % 60);
    const bool refused = fifo_ && !holds(*message, handle);
    const auto out =
        w_.attempt(*w_.sqs, "ChangeMessageVisibility",
                   {{"QueueUrl", w_.url(name_)}, {"ReceiptHandle", handle}, {"VisibilityTimeout", timeout}});
    check(!out == refused, "change of " + message->body);
    if (refused) return;
    message->visible_at = w_.clock.now() + std::chrono::seconds(timeout);
    queue_.settle(*message, w_.clock.now());
  }
  void pass(Duration time) {
    w_.advance(time);
    queue_.advance(w_.clock.now());
    letters_.advance(w_.clock.now());
  }
  void restart() {
    w_.restart();
    queue_.restart(w_.clock.now());
    letters_.restart(w_.clock.now());
  }
  void purge() {
    w_.call("PurgeQueue", {{"QueueUrl", w_.url(name_)}});
    queue_.messages.clear();
    accepted_.clear();
  }

  const bool fifo_;
  const std::string name_;
  SqsWorld w_;
  ModelQueue queue_, letters_;
  std::map<std::string, std::pair<Time, std::string>> accepted_;
  int sent_ = 0;
};

// The fewest steps that still go wrong: leaves out ever smaller pieces.
std::vector<Step> shrunk(bool fifo, std::vector<Step> steps) {
  for (auto piece = steps.size() / 2; piece > 0; piece /= 2)
    for (std::size_t at = 0; at + piece <= steps.size();) {
      auto fewer = steps;
      const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(piece));
      if (Trial(fifo).run(fewer).empty())
        at += piece;
      else
        steps = std::move(fewer);
    }
  return steps;
}

void drive(bool fifo) {
  const auto seed = static_cast<unsigned>(setting("EMU_SEED", 4566));
  const int runs = std::max(1, setting("EMU_STEPS", 4000) / 400);
  std::mt19937 random(seed);
  for (int run = 0; run < runs; ++run) {
    std::vector<Step> steps(400);
    for (auto& step : steps)
      step = {static_cast<unsigned>(random()), static_cast<unsigned>(random()),
              static_cast<unsigned>(random())};
    if (Trial(fifo).run(steps).empty()) continue;
    const auto few = shrunk(fifo, steps);
    std::string told;
    for (const auto& s : few) told += fmt::format(" {{{}, {}, {}}}", s.what % 20, s.a, s.b);
    FAIL("seed " << seed << ": " << Trial(fifo).run(few) << " after" << told);
  }
}
}  // namespace

TEST_CASE("whatever is done to a standard queue and its dead letters, it does what the model does") {
  drive(false);
}
TEST_CASE("whatever is done to a FIFO queue, no group is reordered, doubled or lost") { drive(true); }
