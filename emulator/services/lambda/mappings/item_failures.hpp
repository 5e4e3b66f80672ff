// What a function that reports failures of single records (ReportBatchItemFailures) said of its batch
// (spec-lambda G.2, the table of returned values). Pure; queues and streams read it alike.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emu::lambda {
struct ItemFailures {
  bool whole_batch = false;         // it reported nothing that can be understood
  std::vector<std::size_t> places;  // in the batch, ascending
};
// `ids`: of the batch's records, message ids or sequence numbers.
ItemFailures item_failures(std::string_view payload, std::span<const std::string_view> ids);
}  // namespace emu::lambda
