// Described structs as rows of the Engine, in CBOR under their member names, so that a member may be added
// later and old rows still read. One Records<T> per Space.
#pragma once
#include <fmt/format.h>

#include "emulator/api/context.hpp"
#include "emulator/api/report.hpp"
#include "emulator/wire/json.hpp"
#include "storage/engine.hpp"

namespace emu {
storage::Bytes to_cbor(const Json& json);
Json from_cbor(storage::BytesView bytes);  // throws Json::exception

template <class T>
class Records {
 public:
  Records(storage::Engine& disk, storage::Space space) : disk_(disk), space_(space) {}

  std::optional<T> get(const Scope& scope, std::string_view name) const {
    const auto bytes = disk_.get(key(scope, name).bytes());
    return bytes ? std::optional(decode(*bytes)) : std::nullopt;
  }
  void put(storage::Batch& batch, const Scope& scope, std::string_view name, const T& value) const {
    batch.put(key(scope, name), to_cbor(wire::encode(value)));
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
  // For Service::verify: reads every row as each() does, and reports those that cannot be read. visit(Scope,
  // name, T) gets the others. The noun says in the singular what a row is.
  template <class F>
  void verify(Report& report, std::string_view noun, F visit) const {
    report.covers(space_);
    storage::each_slice(disk_, storage::prefix(storage::Key(space_)), 100, [&](const auto& rows) {
      for (const auto& [row, value] : rows) {
        report.count(fmt::format("{}s", noun));
        storage::BytesView rest(row);
        rest.remove_prefix(1);
        Scope scope;
        scope.account = storage::take_text(rest);
        scope.region = storage::take_text(rest);
        const auto name = storage::take_text(rest);
        const auto where = fmt::format("{} {} ({}, {})", noun, name, scope.account, scope.region);
        if (key(scope, name).bytes() != row) report.add({where, "its key is malformed", kRestore});
        std::optional<T> read;
        try {
          read = decode(value);
        } catch (const std::exception& e) {
          report.add({where, fmt::format("its record cannot be read ({})", e.what()), kRestore});
        } catch (const AwsError& e) {
          report.add({where, fmt::format("its record cannot be read ({})", e.message), kRestore});
        }
        if (read) visit(scope, name, std::move(*read));
      }
    });
  }
  void verify(Report& report, std::string_view noun) const {
    verify(report, noun, [](const Scope&, const std::string&, const T&) {});
  }

 private:
  storage::Key key(const Scope& scope, std::string_view name) const {
    return storage::Key(space_).text(scope.account).text(scope.region).text(name);
  }
  static T decode(storage::BytesView bytes) { return wire::decode(wire::Tag<T>{}, from_cbor(bytes), ""); }
  storage::Engine& disk_;
  storage::Space space_;
};
}  // namespace emu
