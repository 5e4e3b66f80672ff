// A function's response on its way to a caller who wants it while it is written (spec-lambda A.4): the sink
// that an invocation carries, and the pipe that most callers use for it. The environment and the caller may
// be on different loops.
#pragma once
#include "emulator/base/guarded.hpp"
#include "runtime-api/function.hpp"

namespace emu::runtime {
// What a streaming runtime writes into. Used by the environment, on its loop. The end is the Outcome of the
// invocation; if begin() was never called, the function did not stream and the outcome has its payload.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  virtual void begin(std::string content_type) = 0;  // once, before the first piece
  // Returns when more may be written. False: nobody listens any more.
  virtual awaitable<bool> write(std::string piece) = 0;
};

// Keeps everything, for who wants a streamed response in one piece.
class Collector final : public ResponseSink {
 public:
  void begin(std::string type) override { content_type = std::move(type); }
  awaitable<bool> write(std::string piece) override {
    bytes += piece;
    co_return true;
  }
  std::string content_type, bytes;
};

class ResponsePipe final : public ResponseSink {
 public:
  explicit ResponsePipe(Clock& clock) : clock_(clock) {}

  // The function's side.
  void begin(std::string content_type) override;
  awaitable<bool> write(std::string piece) override;
  void end(Outcome outcome);  // what the invocation came to; the caller's side passes it on

  // The caller's side.
  awaitable<void> begun();  // until the function streams, or the invocation is over without
  bool streams();           // after begun(): false, if the outcome has all there is
  std::string content_type();
  awaitable<std::optional<std::string>> read();  // what has been written meanwhile; none: the end
  Outcome outcome();                             // after the end
  void abandon();                                // nobody reads any more

 private:
  struct State {
    std::optional<std::string> content_type;
    std::string waiting;  // to be read
    std::optional<Outcome> outcome;
    bool abandoned = false;
    std::shared_ptr<Wakeup> reader, writer;
  };
  Clock& clock_;
  Guarded<State> state_;
};
}  // namespace emu::runtime
