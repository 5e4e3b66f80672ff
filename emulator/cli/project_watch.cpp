#include "emulator/cli/project_watch.hpp"

#include <sys/inotify.h>

#include <array>
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

ProjectWatch::ProjectWatch(const asio::any_io_executor& loop, const std::filesystem::path& file)
    : events_(loop), name_(file.filename().string()) {
  const int events = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (events < 0) return;
  const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  ::inotify_add_watch(events, directory.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO);
  events_.assign(events);
}

awaitable<void> ProjectWatch::saved() {
  alignas(inotify_event) std::array<char, 4096> buffer{};
  boost::system::error_code failed;
  while (!failed) {
    const std::size_t size = co_await events_.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    if (names(buffer.data(), failed ? 0 : size, name_)) co_return;
  }
  auto never = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  RealClock clock;
  co_await clock.wait(never, kNever);
}
}  // namespace emu::cli
