// Reads one shard from its checkpoint on, the moment there is something to read, and keeps as many lanes
// going as the mapping's parallelisation factor: records of one key in one lane, each lane's batches in
// order, a failing batch holding up its lane only. The checkpoint follows what is done with.
#pragma once
#include "emulator/services/lambda/mappings/filters.hpp"
#include "emulator/services/lambda/mappings/lane.hpp"

namespace emu::lambda {
class ShardReader {
 public:
  ShardReader(StreamRunner& runner, StreamSource& source, std::string shard);
  // Until the shard has ended (true), the mapping is another one, or something went wrong; nothing of it is
  // under way then, also when it throws.
  awaitable<bool> run();

 private:
  awaitable<bool> follow();
  bool going() const { return !undone_ && runner_.working() && runner_.mapping() == mapping_; }
  bool start();  // at the checkpoint; false: the shard was read to its end before
  bool wants_more() const;
  awaitable<bool> read();  // false: there is nothing
  void dispatch(const asio::any_io_executor& loop);
  void save();
  awaitable<void> wait();
  awaitable<void> drain();
  Lane::Env environment();

  StreamRunner& runner_;
  StreamSource& source_;
  const std::string shard_;
  SharedMapping mapping_;  // what it began with; another one when it changes
  Filters filters_;
  std::string position_;
  bool ended_ = false;
  bool undone_ = false;  // a batch was left: it is to be read again, from the checkpoint
  ShardProgress progress_;
  Checkpoint checkpoint_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};
}  // namespace emu::lambda
