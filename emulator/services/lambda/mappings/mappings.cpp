#include "emulator/services/lambda/mappings/mappings.hpp"

#include <boost/asio/post.hpp>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/mappings/queue_runner.hpp"
#include "emulator/services/lambda/mappings/stream_runner.hpp"

namespace emu::lambda {
namespace {
constexpr Duration kAfterFault = std::chrono::seconds(10);  // ours: until a full disk is tried again

std::string checkpoint_name(std::string_view uuid, std::string_view shard) {
  return fmt::format("{}:{}", uuid, shard);
}

// Where a change leads; none: it is gone.
std::optional<std::string> settled_state(const Mapping& mapping) {
  if (mapping.state == "Deleting") return std::nullopt;
  return mapping.enabled ? "Enabled" : "Disabled";
}
}  // namespace

Mappings::Mappings(Lambda& lambda, storage::Engine& disk)
    : lambda_(lambda),
      disk_(disk),
      records_(disk, storage::Space::event_source_mappings),
      checkpoints_(disk, storage::Space::mapping_checkpoints) {}

void Mappings::verify(Report& report) const {
  records_.verify(report, "event source mapping");
  checkpoints_.verify(report, "checkpoint");
}

void Mappings::load() {
  entries_.with([&](Entries& entries) {
    records_.each([&](const Scope& scope, const std::string& uuid, Mapping mapping) {
      entries[{scope, uuid}] = {std::make_shared<const Mapping>(std::move(mapping)), nullptr};
    });
  });
}

void Mappings::start() {
  const auto keys = entries_.with([](Entries& entries) {
    std::vector<Key> out;
    for (const auto& [key, entry] : entries) out.push_back(key);
    return out;
  });
  for (const auto& key : keys) settle(key.scope, key.uuid);
}

std::optional<std::string> Mappings::add(const Scope& scope, Mapping mapping) {
  return entries_.with([&](Entries& entries) -> std::optional<std::string> {
    for (const auto& [key, entry] : entries) {
      const auto& other = *entry.mapping;
      if (key.scope == scope && other.source_arn == mapping.source_arn && other.state != "Deleting" &&
          other.function == mapping.function && other.qualifier == mapping.qualifier)
        return other.uuid;
    }
    records_.put(scope, mapping.uuid, mapping);
    Key key{scope, mapping.uuid};
    entries[std::move(key)] = {std::make_shared<const Mapping>(std::move(mapping)), nullptr};
    return std::nullopt;
  });
}

SharedMapping Mappings::find(const Scope& scope, std::string_view uuid) {
  return entries_.with([&](Entries& entries) -> SharedMapping {
    const auto found = entries.find({scope, std::string(uuid)});
    return found == entries.end() ? nullptr : found->second.mapping;
  });
}

SharedMapping Mappings::change(const Scope& scope, std::string_view uuid,
                               const std::function<void(Mapping&)>& change) {
  return entries_.with([&](Entries& entries) -> SharedMapping {
    const auto found = entries.find({scope, std::string(uuid)});
    if (found == entries.end()) return nullptr;
    auto changed = *found->second.mapping;
    change(changed);
    records_.put(scope, uuid, changed);
    return found->second.mapping = std::make_shared<const Mapping>(std::move(changed));
  });
}

std::vector<SharedMapping> Mappings::list(const Scope& scope) {
  return entries_.with([&](Entries& entries) {
    std::vector<SharedMapping> out;
    for (const auto& [key, entry] : entries)
      if (key.scope == scope) out.push_back(entry.mapping);
    return out;
  });
}

std::shared_ptr<Runner> Mappings::make_runner(const Scope& scope, SharedMapping mapping) {
  if (mapping->stream) return std::make_shared<StreamRunner>(lambda_, scope, std::move(mapping));
  return std::make_shared<QueueRunner>(lambda_, scope, std::move(mapping));
}

void Mappings::settle(const Scope& scope, const std::string& uuid) {
  bool fresh = false;
  const auto [runner, mapping] = entries_.with([&](Entries& entries) {
    std::pair<std::shared_ptr<Runner>, SharedMapping> out;
    const auto found = entries.find({scope, uuid});
    if (found == entries.end()) return out;
    auto& entry = found->second;
    const auto state = settled_state(*entry.mapping);
    if (!state) {
      records_.erase(scope, uuid);
      forget_checkpoints(scope, uuid);
      out.first = std::move(entry.runner);
      entries.erase(found);
      return out;
    }
    if (entry.mapping->state != *state) {
      auto settled = *entry.mapping;
      settled.state = *state;
      records_.put(scope, uuid, settled);
      entry.mapping = std::make_shared<const Mapping>(std::move(settled));
    }
    fresh = !entry.runner;
    if (fresh) entry.runner = make_runner(scope, entry.mapping);
    return out = {entry.runner, entry.mapping};
  });
  if (!runner) return;
  if (!mapping) return runner->end();
  if (!fresh) return runner->set(mapping);
  const auto hold = [](std::shared_ptr<Runner> held) -> awaitable<void> { co_await held->run(); };
  lambda_.loops.spawn(hold(runner));
}

bool Mappings::settled(const Scope& scope, const std::string& uuid) {
  try {
    settle(scope, uuid);
    return true;
  } catch (const std::exception& e) {
    log_fault("an event source mapping on its way to another state", e.what());
    return false;
  }
}

void Mappings::settle_after_reply(const Scope& scope, const std::string& uuid) {
  const auto later = [](Mappings& self, Scope where, std::string what) -> awaitable<void> {
    const auto loop = co_await asio::this_coro::executor;
    co_await asio::post(loop, asio::use_awaitable);
    while (!self.settled(where, what)) co_await self.lambda_.clock.sleep(kAfterFault);
  };
  lambda_.loops.spawn(later(*this, scope, uuid));
}

std::optional<Checkpoint> Mappings::checkpoint(const Scope& scope, const Mapping& mapping,
                                               std::string_view shard) const {
  return checkpoints_.get(scope, checkpoint_name(mapping.uuid, shard));
}

// Under the lock, so that none is left of a mapping that is gone.
void Mappings::save(const Scope& scope, const Mapping& mapping, std::string_view shard,
                    const Checkpoint& checkpoint) {
  entries_.with([&](Entries& entries) {
    if (entries.contains({scope, mapping.uuid}))
      checkpoints_.put(scope, checkpoint_name(mapping.uuid, shard), checkpoint);
  });
}

void Mappings::note_result(const Scope& scope, const Mapping& mapping, std::string_view result) {
  const auto now = find(scope, mapping.uuid);
  if (!now || now->last_result == result) return;
  try {
    change(scope, mapping.uuid, [&](Mapping& changed) { changed.last_result = result; });
  } catch (const std::exception& e) {  // a full disk: it is told the next time
    log_fault("the result of an event source mapping", e.what());
  }
}

void Mappings::forget_checkpoints(const Scope& scope, const std::string& uuid) {
  storage::Batch batch;
  checkpoints_.each([&](const Scope& where, const std::string& name, const Checkpoint&) {
    if (where == scope && name.starts_with(uuid + ":")) checkpoints_.erase(batch, where, name);
  });
  if (!batch.changes.empty()) disk_.write(batch);
}
}  // namespace emu::lambda
