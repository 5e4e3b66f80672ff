#include "emulator/cli/project_watch.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>

#include "emulator/base/clock.hpp"

namespace emu::cli {
namespace {
bool names(const char* events, std::size_t size, const std::string& name) {
  bool found = false;
  for (std::size_t at = 0; at < size;) {
    const auto& event = *reinterpret_cast<const inotify_event*>(events + at);
    found = found || (event.len > 0 && name == event.name);
    at += sizeof event + event.len;
  }
  return found;
}
}  // namespace

ProjectWatch::ProjectWatch(const std::filesystem::path& directory)
    : events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  ::inotify_add_watch(events_, directory.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
}

ProjectWatch::~ProjectWatch() { ::close(events_); }

awaitable<void> ProjectWatch::saved(std::string name) {
  boost::system::error_code failed;
  asio::posix::stream_descriptor events(co_await asio::this_coro::executor);
  events.assign(::fcntl(events_, F_DUPFD_CLOEXEC, 3), failed);
  alignas(inotify_event) std::array<char, 4096> buffer{};
  while (!failed) {
    const std::size_t size = co_await events.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    if (names(buffer.data(), failed ? 0 : size, name)) co_return;
  }
  auto never = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  RealClock clock;
  co_await clock.wait(never, kNever);
}
}  // namespace emu::cli
