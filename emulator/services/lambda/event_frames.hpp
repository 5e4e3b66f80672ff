// The body of InvokeWithResponseStream: a function's response as application/vnd.amazon.eventstream, a frame
// for each piece when it is written (spec-lambda D.3).
#pragma once
#include "emulator/http/message.hpp"
#include "runtime-api/response_stream.hpp"

namespace emu::lambda {
// One frame: lengths, checksums, the three headers every event has, the payload.
std::string event_frame(std::string_view type, std::string_view content_type, std::string_view payload);
// What the last frame says of how the invocation ended.
std::string invoke_complete(const runtime::Outcome& outcome, bool tail);

class EventFrames final : public http::BodySource {
 public:
  EventFrames(std::shared_ptr<runtime::ResponsePipe> pipe, bool tail) : pipe_(std::move(pipe)), tail_(tail) {}
  ~EventFrames() override { pipe_->abandon(); }
  awaitable<std::optional<std::string>> next() override;
  void abandon() override { pipe_->abandon(); }

 private:
  const std::shared_ptr<runtime::ResponsePipe> pipe_;
  const bool tail_;
  bool complete_ = false;
};
}  // namespace emu::lambda
