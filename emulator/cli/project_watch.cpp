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
constexpr Duration kAgain = std::chrono::milliseconds(200);

struct Seen {
  bool saved = false, gone = false;
};
Seen seen(const char* events, std::size_t size, const std::string& name) {
  Seen out;
  for (std::size_t at = 0; at < size;) {
    const auto& event = *reinterpret_cast<const inotify_event*>(events + at);
    out.saved = out.saved || (event.len > 0 && name == event.name);
    out.gone = out.gone || (event.mask & (IN_IGNORED | IN_MOVE_SELF)) != 0;
    at += sizeof event + event.len;
  }
  return out;
}
}  // namespace

ProjectWatch::ProjectWatch(const std::filesystem::path& directory)
    : directory_(directory), events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  watch();
}

bool ProjectWatch::watch() {
  return ::inotify_add_watch(events_, directory_.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVE_SELF) >= 0;
}

ProjectWatch::~ProjectWatch() { ::close(events_); }

awaitable<void> ProjectWatch::saved(std::string name) {
  boost::system::error_code failed;
  asio::posix::stream_descriptor events(co_await asio::this_coro::executor);
  events.assign(::fcntl(events_, F_DUPFD_CLOEXEC, 3), failed);
  RealClock clock;
  alignas(inotify_event) std::array<char, 4096> buffer{};
  while (!failed) {
    const std::size_t size = co_await events.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    const auto what = seen(buffer.data(), failed ? 0 : size, name);
    if (what.gone) {
      while (!watch()) co_await clock.sleep(kAgain);
      std::error_code unknown;  // written before it was watched
      if (std::filesystem::exists(directory_ / name, unknown)) co_return;
    }
    if (what.saved) co_return;
  }
  auto never = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  co_await clock.wait(never, kNever);
}
}  // namespace emu::cli
