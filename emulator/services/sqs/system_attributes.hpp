// The attributes that SQS itself gives a received message (spec-sqs 7): which of them a request wants, and
// their texts.
#pragma once
#include <map>

#include "emulator/base/error.hpp"
#include "emulator/services/sqs/receive.hpp"

namespace emu::sqs {
class SystemAttributes {
 public:
  static SystemAttributes all();
  // InvalidAttributeName for a name that AWS does not know.
  std::optional<AwsError> add(const std::vector<std::string>& names);
  // Those that are wanted and that the message has.
  std::map<std::string, std::string> of(const Received& received, bool fifo) const;

 private:
  std::uint32_t wanted_ = 0;  // a bit for each
};
}  // namespace emu::sqs
