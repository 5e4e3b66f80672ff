// The StreamSource of tables' streams: what event source mappings and pipes read them through.
#pragma once
#include "emulator/api/ports.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/dynamodb/streams/streams.hpp"

namespace emu::dynamodb {
class TableStreamSource final : public StreamSource {
 public:
  TableStreamSource(Streams& streams, Loops& loops) : streams_(streams), loops_(loops) {}
  Result<std::vector<std::string>> shards(std::string_view stream) override;
  Result<std::string> position(std::string_view stream, std::string_view shard, Start start) override;
  awaitable<Result<Page>> read(std::string stream, std::string shard, std::string position,
                               std::size_t most) override;
  Result<Done> notify(std::string_view stream, std::string_view shard, std::string_view position,
                      std::shared_ptr<Wakeup> wakeup) override;

 private:
  Result<SharedStream> find(std::string_view stream, std::string_view shard) const;
  Streams& streams_;
  Loops& loops_;
};
}  // namespace emu::dynamodb
