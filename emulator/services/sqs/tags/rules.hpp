// What tags a queue may have (spec-sqs 13).
#pragma once
#include <map>
#include <string>

namespace emu::sqs {
// Throws InvalidParameterValue.
void check_tags(const std::string& queue, const std::map<std::string, std::string>& tags);
}  // namespace emu::sqs
