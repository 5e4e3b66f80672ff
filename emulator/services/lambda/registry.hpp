// The functions there are: immutable values behind one look-up, so that an invocation copies a shared_ptr and
// needs no lock after it. A change is made to a copy, written to disk, then published. Owned by Lambda.
#pragma once
#include <functional>
#include <shared_mutex>

#include "emulator/api/records.hpp"
#include "emulator/services/lambda/live.hpp"
#include "emulator/services/lambda/name.hpp"
#include "emulator/services/lambda/record.hpp"

namespace emu::lambda {
struct Version {
  VersionRecord record;        // its `function` is only filled on disk
  std::shared_ptr<Live> live;  // while an update is in progress: what was there before it
};
using VersionPtr = std::shared_ptr<const Version>;

struct Function {
  Scope scope;
  std::string name;
  FunctionRecord shared;
  std::map<std::string, VersionPtr, std::less<>> versions;  // "$LATEST", "1", …
  const VersionPtr& latest() const { return versions.find(kLatest)->second; }
  VersionPtr version(std::string_view qualifier) const;  // "" is $LATEST; null: there is none
  // The same, or what an alias points to: the version that has most of its weight, or by `chance` (0 to 1)
  // the one an invocation gets.
  VersionPtr resolve(std::string_view qualifier, double chance = 1) const;
  void replace(Version changed);
};
using FunctionPtr = std::shared_ptr<const Function>;

class Registry {
 public:
  using Change = std::function<std::optional<AwsError>(Function& copy)>;  // an error changes nothing
  using MakeLive = std::function<std::shared_ptr<Live>(const Scope&, std::string_view name, VersionRecord&)>;
  explicit Registry(storage::Engine& disk) : disk_(disk), records_(disk, storage::Space::functions) {}

  FunctionPtr find(const Scope& scope, std::string_view name) const;
  bool add(Function function);  // false if there is one of this name
  // Null is "no such function", decided under the same lock as the change.
  Result<FunctionPtr> change(const Scope& scope, std::string_view name, const Change& change);
  FunctionPtr remove(const Scope& scope, std::string_view name);  // what it was
  std::vector<FunctionPtr> list(const Scope& scope) const;        // by name
  std::vector<FunctionPtr> all() const;
  bool uses(const StoredCode& code) const;  // a zip by its digest, a hot directory by its path
  void load(const MakeLive& make_live);
  void verify(Report& report) const;

 private:
  struct Key {
    std::string account, region, name;
  };
  struct KeyView {
    std::string_view account, region, name;
    KeyView(const Scope& scope, std::string_view n) : account(scope.account), region(scope.region), name(n) {}
    KeyView(const Key& key) : account(key.account), region(key.region), name(key.name) {}
    auto operator<=>(const KeyView&) const = default;
  };
  struct Less {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const { return a < b; }
  };
  void write(const Function* before, const Function* after);
  void publish(const Scope& scope, std::string_view name, FunctionPtr function);

  storage::Engine& disk_;
  Records<VersionRecord> records_;
  std::mutex changing_;  // one change at a time; held over the write, so that disk and memory agree
  mutable std::shared_mutex mutex_;  // guards functions_, held for look-ups and swaps only
  std::map<Key, FunctionPtr, Less> functions_;
};
}  // namespace emu::lambda
