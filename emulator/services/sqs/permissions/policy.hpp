// A queue's policy: what may be stored as one, and the statements that AddPermission writes into it (spec-sqs
// 14). It is kept and shown; nothing enforces it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/error.hpp"

namespace emu::sqs {
// Throws InvalidAttributeValue for what is no policy, OverLimit for one with too many statements.
void check_policy(std::string_view policy);

struct Grant {
  std::string label;
  std::vector<std::string> accounts, actions;  // "123456789012"; "SendMessage" or "*"
};
// The policy with one more statement; `policy` is empty if there is none. Throws if the label is taken.
std::string with_grant(const std::string& policy, const std::string& queue_arn, const Grant& grant);
// The policy without the label's statement, empty if it was the last. Throws if there is none.
std::string without_grant(const std::string& policy, const std::string& label);
}  // namespace emu::sqs
