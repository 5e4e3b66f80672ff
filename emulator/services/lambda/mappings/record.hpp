// An event source mapping as it is kept on disk (Space::event_source_mappings, under its UUID) and handed
// around, and how far one has come in a shard (Space::mapping_checkpoints, under "{UUID}:{shard}").
// On disk under these member names: add optional members, never rename.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/wire/json.hpp"

namespace emu::lambda {
struct StreamSettings {
  std::string starting_position;
  int parallelization = 1;
  int retries = -1;        // without end
  int longest_age_s = -1;  // as long as the stream keeps a record
  bool bisect = false;
  int tumbling_window_s = 0;  // none
  std::string on_failure;     // ARN of the destination, or empty
};
BOOST_DESCRIBE_STRUCT(StreamSettings, (),
                      (starting_position, parallelization, retries, longest_age_s, bisect, tumbling_window_s,
                       on_failure))

struct ProvisionedPollers {
  int least = 2, most = 200;
};
BOOST_DESCRIBE_STRUCT(ProvisionedPollers, (), (least, most))

struct Mapping {
  std::string uuid, function, qualifier, source_arn;
  bool enabled = true;
  std::string state;  // "Creating", "Enabling", "Updating", "Disabling", "Deleting": on its way
  std::int64_t modified_us = 0;
  int batch_size = 10, window_s = 0;
  std::vector<std::string> filters;  // patterns as they were sent
  bool reports_failures = false;     // ReportBatchItemFailures
  std::optional<int> maximum_concurrency;
  std::optional<ProvisionedPollers> pollers;  // of a queue
  std::optional<Json> metrics;
  std::string kms_key_arn;
  std::map<std::string, std::string> tags;
  std::optional<StreamSettings> stream;  // of a stream only
  std::string last_result;               // of a stream: LastProcessingResult
};
BOOST_DESCRIBE_STRUCT(Mapping, (),
                      (uuid, function, qualifier, source_arn, enabled, state, modified_us, batch_size,
                       window_s, filters, reports_failures, maximum_concurrency, pollers, metrics,
                       kms_key_arn, tags, stream, last_result))

struct TumblingWindow {
  std::int64_t start_s = 0;
  Json state = Json::object();
};
BOOST_DESCRIBE_STRUCT(TumblingWindow, (), (start_s, state))

struct Checkpoint {
  std::string position;                  // of the source: everything before it is done with
  bool ended = false;                    // the shard was closed and read to its end
  std::optional<TumblingWindow> window;  // that is open at this position
};
BOOST_DESCRIBE_STRUCT(Checkpoint, (), (position, ended, window))
}  // namespace emu::lambda
