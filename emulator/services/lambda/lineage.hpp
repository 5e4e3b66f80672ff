// How often one chain of events has invoked a function: counted in the Lineage field of the trace header,
// which functions hand on to what they call (spec-lambda H). The form is ours:
// "Lineage=43e12f0f:5|68fd508a:1", a hash of the function and its count; what others wrote there is handed
// on. Pure.
#pragma once
#include <string>
#include <string_view>

namespace emu::lambda {
inline constexpr int kMostVisits = 16;
int visits(std::string_view trace, std::string_view function_arn);           // unqualified
std::string visited(std::string_view trace, std::string_view function_arn);  // with one more
}  // namespace emu::lambda
