// Log records as AWS's runtime clients write them to the descriptor in _LAMBDA_TELEMETRY_LOG_FD (spec-lambda
// B.4): framed, so that a record of several lines stays one. Pure; what is no frame is passed on as it is.
// Used by environment_log.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace emu::runtime {
class LogFrames {
 public:
  static constexpr std::size_t kLongest = 256 * 1024;  // a CloudWatch log event; a longer record is parted
  // The records that are complete with these bytes.
  std::vector<std::string> take(std::string_view bytes);

 private:
  std::string head_, record_;
  std::uint32_t missing_ = 0;  // of the record's payload
};
}  // namespace emu::runtime
