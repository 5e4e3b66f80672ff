// Described structs as rows of the Engine, in CBOR under their member names, so that a member may be added
// later and old rows still read. One Records<T> per Space.
#pragma once
#include "emulator/api/context.hpp"
#include "emulator/wire/json.hpp"
#include "storage/engine.hpp"

namespace emu {
template <class T>
class Records {
 public:
  Records(storage::Engine& disk, storage::Space space) : disk_(disk), space_(space) {}

  std::optional<T> get(const Scope& scope, std::string_view name) const {
    const auto bytes = disk_.get(key(scope, name).bytes());
    return bytes ? std::optional(decode(*bytes)) : std::nullopt;
  }
  void put(storage::Batch& batch, const Scope& scope, std::string_view name, const T& value) const {
    const auto cbor = Json::to_cbor(wire::encode(value));
    batch.put(key(scope, name), storage::Bytes(cbor.begin(), cbor.end()));
  }
  void put(const Scope& scope, std::string_view name, const T& value) {
    storage::Batch batch;
    put(batch, scope, name, value);
    disk_.write(batch);
  }
  void erase(storage::Batch& batch, const Scope& scope, std::string_view name) const {
    batch.erase(key(scope, name));
  }
  void erase(const Scope& scope, std::string_view name) {
    storage::Batch batch;
    erase(batch, scope, name);
    disk_.write(batch);
  }
  // visit(Scope, name, T) for every row of every scope, in order of account, region, name.
  template <class F>
  void each(F visit) const {
    disk_.scan(storage::prefix(storage::Key(space_)), [&](storage::BytesView row, storage::BytesView value) {
      row.remove_prefix(1);
      Scope scope;
      scope.account = storage::take_text(row);
      scope.region = storage::take_text(row);
      visit(scope, storage::take_text(row), decode(value));
      return true;
    });
  }

 private:
  storage::Key key(const Scope& scope, std::string_view name) const {
    return storage::Key(space_).text(scope.account).text(scope.region).text(name);
  }
  static T decode(storage::BytesView bytes) {
    Json j = Json::from_cbor(bytes.begin(), bytes.end());
    return wire::decode(wire::Tag<T>{}, j, "");
  }
  storage::Engine& disk_;
  storage::Space space_;
};
}  // namespace emu
