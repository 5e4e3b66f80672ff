#include "runtime-api/function_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "emulator/base/arn.hpp"
#include "emulator/base/log.hpp"
#include "runtime-api/log_lines.hpp"

namespace emu::runtime {
namespace {
constexpr std::size_t kMaxLine = 256 * 1024;  // a CloudWatch log event
constexpr std::size_t kTail = 4096;

// Runtimes write a record of several lines as one, with carriage returns for its line feeds (spec-lambda
// B.4).
std::string unfold(std::string_view lines) {
  std::string out;
  out.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != '\r') {
      out.push_back(lines[i]);
    } else if (i + 1 == lines.size() || lines[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  return out;
}
}  // namespace

class LogFile {
 public:
  explicit LogFile(const std::filesystem::path& path) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0) log_warning(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  }
  ~LogFile() {
    if (file_ >= 0) ::close(file_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  // The kernel appends each write whole. What a full disk refuses is lost, as is what comes after it.
  void append(std::string_view lines) const {
    while (file_ >= 0 && !lines.empty()) {
      const auto written = ::write(file_, lines.data(), lines.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      lines.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int file_;
};

struct LogTape {
  std::shared_ptr<LogFile> file;
  std::string held = {}, tail = {};
};

void LogStream::write(std::string_view lines) {
  auto& [file, held, tail] = *tape_;
  if (!held.empty()) {
    held += lines;
    lines = held;
  }
  file->append(lines);
  tail += lines;
  held.clear();
  if (tail.size() > 4 * kTail) tail.erase(0, tail.size() - kTail);
}

void LogStream::line(std::string_view text) {
  finish_line();
  write(text);
}

void LogStream::hold(std::string_view text) {
  finish_line();
  tape_->held += text;
}

void LogStream::flush() {
  if (!tape_->held.empty()) write({});
}

void LogStream::output(std::string_view bytes) {
  partial_ += bytes;
  const auto end = partial_.rfind('\n');
  std::size_t done = end == std::string::npos ? 0 : end + 1;
  if (done > 0) {
    const auto lines = std::string_view(partial_).substr(0, done);
    if (lines.find('\r') == lines.npos) {
      write_output(lines);
    } else {
      write_output(unfold(lines));
    }
  }
  for (; partial_.size() - done >= kMaxLine; done += kMaxLine)
    write_output(partial_.substr(done, kMaxLine) + "\n");
  partial_.erase(0, done);
  if (partial_.empty() && partial_.capacity() > kMaxLine) partial_.shrink_to_fit();
}

void LogStream::finish_line() {
  if (partial_.empty()) return;
  write_output(unfold(partial_) + "\n");
  partial_.clear();
}

void LogStream::write_output(std::string_view lines) {
  if (!seen_) return write(lines);
  const auto kept = seen_(std::string(lines));
  if (!kept.empty()) write(kept);
}

void LogStream::begin_tail() { tape_->tail.clear(); }

std::string LogStream::tail() const {
  const auto& tail = tape_->tail;
  return tail.size() > kTail ? tail.substr(tail.size() - kTail) : tail;
}

std::filesystem::path FunctionLogs::path(std::string_view account, std::string_view region,
                                         std::string_view function) const {
  auto at = dir_;
  if (!account.empty() && account != kDefaultAccount) at /= account;
  return at / region / fmt::format("{}.log", function);
}

std::shared_ptr<LogStream> FunctionLogs::open(const FunctionSpec& spec, std::string_view hex32) {
  const auto at = path(spec.account, spec.region, spec.name);
  auto file = files_.with([&](auto& files) {
    auto& known = files[at.string()];
    auto open = known.lock();
    if (!open) known = open = std::make_shared<LogFile>(at);
    return open;
  });
  return std::make_shared<LogStream>(std::make_shared<LogTape>(std::move(file)),
                                     log_stream_name(spec, clock_.now(), hex32));
}
}  // namespace emu::runtime
