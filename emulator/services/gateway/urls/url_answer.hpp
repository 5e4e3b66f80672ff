// What came of a function URL's invocation, as the response: buffered, or passed on while the function writes
// it, behind the head that its prelude says (spec-lambda A.4, D.4). Used by urls.cpp.
#pragma once
#include "emulator/http/message.hpp"
#include "runtime-api/response_stream.hpp"

namespace emu::gateway {
// Waits for all of it.
awaitable<http::Response> buffered_answer(std::shared_ptr<runtime::ResponsePipe> pipe);
// Waits for the head.
awaitable<http::Response> streamed_answer(std::shared_ptr<runtime::ResponsePipe> pipe);
}  // namespace emu::gateway
