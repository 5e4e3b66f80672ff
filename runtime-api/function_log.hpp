// What functions print, and what the platform says about their invocations: one text file per function,
// <dir>/<region>/<function>.log, below the account if it is not the default one. Written by
// process_sandbox.cpp, read by `emu logs`. Whole lines only, each in one write, so environments never mix
// within a line.
#pragma once
#include <filesystem>

#include "emulator/base/guarded.hpp"
#include "runtime-api/function.hpp"

namespace emu::runtime {
class LogFile;
struct LogTape;  // a file, and the end of what went into it

// One environment's share of its function's log. Used on the environment's loop only.
class LogStream {
 public:
  LogStream(std::shared_ptr<LogTape> tape, std::string name)
      : name(std::move(name)), tape_(std::move(tape)) {}
  const std::string name;  // as CloudWatch would name it

  ~LogStream() { flush(); }
  LogStream(const LogStream&) = delete;
  LogStream& operator=(const LogStream&) = delete;

  void line(std::string_view text);  // a platform line or several, each with its line feed
  void hold(std::string_view text);  // the same, but it may wait for the next write, or flush()
  void flush();
  void output(std::string_view bytes);  // as the process printed them; an unfinished line waits for its end
  void finish_line();                   // the invocation or the process is over
  // Another source of lines for the same stream: what it leaves unfinished mixes with nobody's.
  std::shared_ptr<LogStream> beside() const { return std::make_shared<LogStream>(tape_, name); }
  // Sees the lines of output() before they are written, and may drop some.
  using Lines = std::function<std::string(std::string lines)>;
  void on_output(Lines seen) { seen_ = std::move(seen); }
  void begin_tail();
  std::string tail() const;  // the last 4096 bytes since begin_tail(): LogResult (spec-lambda D.1)

 private:
  void write(std::string_view lines);
  void write_output(std::string_view lines);
  const std::shared_ptr<LogTape> tape_;  // of all sources
  std::string partial_;
  Lines seen_;
};

class FunctionLogs {
 public:
  FunctionLogs(std::filesystem::path dir, Clock& clock) : dir_(std::move(dir)), clock_(clock) {}
  std::filesystem::path path(std::string_view account, std::string_view region,
                             std::string_view function) const;
  // A new stream, told from others by its 32 hex digits. From any thread. A log that cannot be opened is
  // reported and then discards.
  std::shared_ptr<LogStream> open(const FunctionSpec& spec, std::string_view hex32);

 private:
  const std::filesystem::path dir_;
  Clock& clock_;
  Guarded<std::map<std::string, std::weak_ptr<LogFile>>> files_;
};
}  // namespace emu::runtime
