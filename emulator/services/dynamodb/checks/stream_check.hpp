// The streams on disk, for `emu verify`: every record can be read and is some stream's, and the last record
// of an item in an open stream agrees with the item. Remembers a digest per item, of at most a hundred
// thousand.
#pragma once
#include <map>
#include <set>

#include "emulator/api/report.hpp"
#include "emulator/services/dynamodb/streams/streams.hpp"

namespace emu::dynamodb {
class StreamCheck {
 public:
  StreamCheck(const storage::Engine& disk, Report& report) : disk_(disk), report_(report) {}
  // First every table, then every stream, then what is left.
  void table(SharedSchema schema);
  void stream(const StreamName& name, const StoredStream& stored);
  void strays();

 private:
  // What the last record says of an item: gone, there, or there with these bytes.
  struct Last {
    bool there = false;
    storage::Bytes digest;
  };
  using ByRow = std::map<storage::Bytes, Last>;
  void record(const std::string& where, const StoredStream& stored, const Schema* schema,
              const storage::Row& row, ByRow& last);
  void agree(const std::string& where, const ByRow& last);

  const storage::Engine& disk_;
  Report& report_;
  std::map<StreamName, SharedSchema> open_;
  std::set<storage::Bytes> known_;  // the keys that streams' records begin with
};
}  // namespace emu::dynamodb
