// What a queue does, in the fewest words: the reference that the model check holds the service to. Every
// message in a vector, every question a walk over all of them.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "emulator/base/clock.hpp"

namespace emu::test {
struct ModelMessage {
  std::string body, group, handle;
  std::vector<std::string> old_handles;
  Time since, visible_at;
  bool fresh = true, visible = false;
  int receives = 0;
  std::uint64_t order = 0;  // of becoming visible
};

struct ModelQueue {
  bool fifo = false;
  Duration delay{0}, retention = std::chrono::hours(1);
  std::vector<ModelMessage> messages;  // in the order of sending
  std::uint64_t next_order = 0;

  void settle(ModelMessage& m, Time now) {
    m.visible = m.visible_at <= now;
    if (m.visible) m.order = next_order++;
  }
  void add(ModelMessage m, Time now) {
    m.visible_at = now + (m.visible_at - Time{});
    settle(m, now);
    messages.push_back(std::move(m));
  }
  void advance(Time now) {
    std::vector<ModelMessage*> due;
    for (auto& m : messages)
      if (!m.visible && m.visible_at <= now) due.push_back(&m);
    show(due, now);
    std::erase_if(messages, [&](const ModelMessage& m) { return now - m.since >= retention; });
  }
  // A start shows what is visible in the order of its times.
  void restart(Time now) {
    std::vector<ModelMessage*> visible;
    for (auto& m : messages)
      if (m.visible) visible.push_back(&m);
    show(visible, now);
  }
  std::string counts() const {
    int visible = 0, in_flight = 0, delayed = 0;
    for (const auto& m : messages) ++(m.visible ? visible : m.fresh ? delayed : in_flight);
    return std::to_string(visible) + "/" + std::to_string(in_flight) + "/" + std::to_string(delayed);
  }
  // Standard: what a receive takes, in order.
  std::vector<ModelMessage*> next(std::size_t most) {
    std::vector<ModelMessage*> out;
    for (auto& m : messages)
      if (m.visible) out.push_back(&m);
    std::ranges::sort(out, {}, [](const ModelMessage* m) { return m->order; });
    out.resize(std::min(out.size(), most));
    return out;
  }
  // FIFO: the messages of a group that may be given out, in order.
  std::vector<ModelMessage*> ready(const std::string& group) {
    std::vector<ModelMessage*> out;
    for (auto& m : messages) {
      if (m.group != group) continue;
      if (!m.visible) break;
      out.push_back(&m);
    }
    return out;
  }
  ModelMessage* find(const std::string& body) {
    const auto it = std::ranges::find(messages, body, &ModelMessage::body);
    return it == messages.end() ? nullptr : &*it;
  }
  void erase(const std::string& body) {
    std::erase_if(messages, [&](const ModelMessage& m) { return m.body == body; });
  }

 private:
  void show(std::vector<ModelMessage*>& due, Time now) {
    std::ranges::sort(due, {}, [](const ModelMessage* m) { return std::pair(m->visible_at, m); });
    for (auto* m : due) settle(*m, now);
  }
};
}  // namespace emu::test
