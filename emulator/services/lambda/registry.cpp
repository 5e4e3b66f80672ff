#include "emulator/services/lambda/registry.hpp"

namespace emu::lambda {
namespace {
std::string row_name(std::string_view function, std::string_view version) {
  return fmt::format("{}:{}", function, version);
}
}  // namespace

VersionPtr Function::version(std::string_view qualifier) const {
  const auto it = versions.find(qualifier.empty() ? kLatest : qualifier);
  return it == versions.end() ? nullptr : it->second;
}

VersionPtr Function::resolve(std::string_view qualifier, double chance) const {
  const auto* alias = shared.alias(std::string(qualifier));
  if (!alias) return version(qualifier);
  for (const auto& [number, weight] : alias->weights)
    if ((chance -= weight) < 0) return version(number);
  return version(alias->version);
}

void Function::replace(Version changed) {
  auto key = changed.record.version;
  versions[std::move(key)] = std::make_shared<const Version>(std::move(changed));
}

FunctionPtr Registry::find(const Scope& scope, std::string_view name) const {
  std::shared_lock hold(mutex_);
  const auto it = functions_.find(KeyView(scope, name));
  return it == functions_.end() ? nullptr : it->second;
}

void Registry::write(const Function* before, const Function* after) {
  const auto& any = after ? *after : *before;
  storage::Batch batch;
  if (after)
    for (const auto& [number, version] : after->versions) {
      const bool latest = number == kLatest;
      if (!latest && before && before->version(number) == version) continue;
      auto row = version->record;
      if (latest) row.function = after->shared;
      records_.put(batch, any.scope, row_name(any.name, number), row);
    }
  if (before)
    for (const auto& [number, version] : before->versions)
      if (!after || !after->versions.contains(number))
        records_.erase(batch, any.scope, row_name(any.name, number));
  disk_.write(batch);
}

void Registry::publish(const Scope& scope, std::string_view name, FunctionPtr function) {
  std::lock_guard hold(mutex_);
  if (function)
    functions_[Key{scope.account, scope.region, std::string(name)}] = std::move(function);
  else if (const auto it = functions_.find(KeyView(scope, name)); it != functions_.end())
    functions_.erase(it);
}

bool Registry::add(Function function) {
  std::lock_guard hold(changing_);
  if (find(function.scope, function.name)) return false;
  write(nullptr, &function);
  auto added = std::make_shared<const Function>(std::move(function));
  publish(added->scope, added->name, added);
  return true;
}

Result<FunctionPtr> Registry::change(const Scope& scope, std::string_view name, const Change& change) {
  std::lock_guard hold(changing_);
  const auto before = find(scope, name);
  if (!before) return FunctionPtr{};
  auto copy = std::make_shared<Function>(*before);
  if (auto error = change(*copy)) return std::move(*error);
  write(before.get(), copy.get());
  publish(scope, name, copy);
  return FunctionPtr(std::move(copy));
}

FunctionPtr Registry::remove(const Scope& scope, std::string_view name) {
  std::lock_guard hold(changing_);
  auto before = find(scope, name);
  if (!before) return nullptr;
  write(before.get(), nullptr);
  publish(scope, name, nullptr);
  return before;
}

std::vector<FunctionPtr> Registry::list(const Scope& scope) const {
  std::shared_lock hold(mutex_);
  std::vector<FunctionPtr> out;
  for (auto it = functions_.lower_bound(KeyView(scope, ""));
       it != functions_.end() && it->second->scope == scope; ++it)
    out.push_back(it->second);
  return out;
}

std::vector<FunctionPtr> Registry::all() const {
  std::shared_lock hold(mutex_);
  std::vector<FunctionPtr> out;
  for (const auto& [key, function] : functions_) out.push_back(function);
  return out;
}

bool Registry::uses(const StoredCode& code) const {
  for (const auto& function : all())
    for (const auto& [number, version] : function->versions) {
      const auto& other = version->record.code;
      if (!code.hot && version->record.settings.layers)
        for (const auto& layer : *version->record.settings.layers)
          if (layer.sha256_base64 == code.sha256_base64) return true;
      if (other.hot != code.hot) continue;
      if (code.hot ? other.task_root == code.task_root : other.sha256_base64 == code.sha256_base64)
        return true;
    }
  return false;
}

void Registry::load(const MakeLive& make_live) {
  std::map<Key, Function, Less> found;
  records_.each([&](const Scope& scope, const std::string& row, VersionRecord record) {
    auto name = row.substr(0, row.find(':'));
    auto& function = found[Key{scope.account, scope.region, name}];
    function.scope = scope;
    function.name = name;
    if (record.function) function.shared = std::move(*record.function);
    record.function.reset();
    auto live = make_live(scope, name, record);
    function.replace({std::move(record), std::move(live)});
  });
  std::lock_guard hold(mutex_);
  for (auto& [key, function] : found) functions_[key] = std::make_shared<const Function>(std::move(function));
}

void Registry::verify(Report& report) const {
  std::map<std::pair<Scope, std::string>, bool> whole;  // by function: it has a $LATEST with what all share
  records_.verify(report, "function version",
                  [&](const Scope& scope, const std::string& row, const VersionRecord& record) {
                    const auto name = row.substr(0, row.find(':'));
                    whole[{scope, name}] |= row == row_name(name, kLatest) && record.function.has_value();
                  });
  for (const auto& [function, has_latest] : whole)
    if (!has_latest)
      report.add({fmt::format("function {} ({}, {})", function.second, function.first.account,
                              function.first.region),
                  "it has versions but no $LATEST", kRestore});
}
}  // namespace emu::lambda
