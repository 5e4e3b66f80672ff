// The X-Ray trace header that travels with an invocation (spec-lambda H).
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/base/ids.hpp"

namespace emu::runtime {
std::string new_trace(Ids& ids, Time now);  // "Root=1-…"
// What the function is handed for what its caller sent: a new root if it sent none, its own parent segment,
// not sampled unless the caller says so. Other fields (Lineage) are kept.
std::string continue_trace(std::string_view received, Ids& ids, Time now);
}  // namespace emu::runtime
