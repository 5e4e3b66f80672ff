// The error documents the platform itself answers with when a runtime could not (spec-lambda A.5), and the
// words in them. Callers of functions match on these texts.
#pragma once
#include "runtime-api/function.hpp"

namespace emu::runtime {
inline constexpr std::string_view kNoBootstrap =
    "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";

// {"errorType":type,"errorMessage":"RequestId: id Error: text"} as a function error.
Outcome platform_error(std::string type, std::string_view request_id, std::string_view text);
Outcome timed_out(std::string_view request_id, Duration timeout);
std::string timed_out_text(Duration timeout);  // "Task timed out after 3.00 seconds"
Outcome too_large(std::size_t limit);          // of a response

// "Runtime exited with error: exit status 1", "…: signal: killed", "Runtime exited without providing a
// reason". `wait_status` as waitpid() has it.
std::string exit_text(int wait_status);

// What a runtime may claim as its error type (spec-lambda A.1): "Runtime.X" and "Function.X" stand, anything
// else becomes Function.Unknown or Runtime.Unknown.
std::string valid_error_type(std::string_view claimed);
}  // namespace emu::runtime
