// Stream records as consumers get them, a page at a time: for GetRecords and for event sources (H3).
#pragma once
#include "emulator/base/loops.hpp"
#include "emulator/services/dynamodb/streams/streams.hpp"

namespace emu::dynamodb {
// GetRecords spells userIdentity its way; an event says which stream it is from.
enum class RecordForm { api, event };

struct RecordPage {
  Json records = Json::array();
  std::uint64_t next = 0;
  bool ended = false;  // the stream is closed and this was the last of it
};
// At most so many records, and at most 1 MB. A long page is read on the blocking pool.
awaitable<Result<RecordPage>> read_page(Loops& loops, Clock& clock, SharedStream stream,
                                        std::uint64_t position, std::size_t most, RecordForm form);
}  // namespace emu::dynamodb
