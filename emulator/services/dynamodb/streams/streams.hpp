// The streams of every scope, those of deleted tables too: found by ARN, listed in order of table and label,
// forgotten a day after they were closed. Their tables hold the open ones (Core::stream).
#pragma once
#include <map>
#include <shared_mutex>

#include "emulator/api/records.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/services/dynamodb/streams/stream.hpp"

namespace emu::dynamodb {
using SharedStream = std::shared_ptr<Stream>;

// A stream's ARN taken apart; none if it is no such ARN.
struct StreamName {
  Scope scope;
  std::string table, label;
  static std::optional<StreamName> parse(std::string_view arn);
  auto operator<=>(const StreamName&) const = default;
};

class Streams {
 public:
  Streams(storage::Engine& disk, Clock& clock, Ids& ids);
  void load();
  // Reads the rows of streams, for `emu verify`; visit gets those that can be read.
  void verify(Report& report, const std::function<void(const StreamName&, const StoredStream&)>& visit) const;
  SharedStream find(const StreamName& name) const;  // null: there is none, or no more
  // In ascending order, at most so many: of one table or of all, only those after `after`.
  std::vector<SharedStream> list(const Scope& scope, const std::optional<std::string>& table,
                                 const std::optional<StreamName>& after, std::size_t most) const;
  // A label that no stream of the table has had: the time, in UTC (H1).
  std::string new_label(const Scope& scope, const std::string& table) const;
  // Erases what nobody can read any more. Long, so never on a loop.
  void trim();

  Clock& clock;

 private:
  friend class StreamTurn;
  static StreamName name_of(const Stream& stream) { return {stream.scope, stream.table, stream.label}; }
  SharedStream make(const Schema& schema);
  void save(storage::Batch& batch, const Stream& stream, const StoredStream& stored) const;
  void add(const SharedStream& stream);
  storage::Engine& disk_;
  Ids& ids_;
  Records<StoredStream> records_;
  mutable std::shared_mutex mutex_;
  std::map<StreamName, SharedStream> by_name_;
};

// What a change of a table's schema means for its stream: it opens, closes or stays. Staged in the batch that
// changes the schema, in force with apply() once that is written; the table's writers are kept out meanwhile.
class StreamTurn {
 public:
  // `open` is the table's stream so far, if any. to: the new schema; null: the table goes.
  StreamTurn(Streams& streams, SharedStream open, const Schema* to, storage::Batch& batch);
  void apply();
  const SharedStream& open() const { return opened_; }  // the table's stream from now on

 private:
  Streams& streams_;
  SharedStream opened_, closed_;
  StoredStream ending_;
};
}  // namespace emu::dynamodb
