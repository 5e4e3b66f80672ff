// Numbers and truth values where a JSON request should have texts: SQS takes them as their text
// (spec-sqs 1.1), so that {"VisibilityTimeout": 30} among the attributes is "30". Texts are not taken for
// numbers.
#pragma once
#include "emulator/base/json.hpp"

namespace emu::sqs {
bool make_texts(Json& input);  // false: there was nothing to change
}  // namespace emu::sqs
