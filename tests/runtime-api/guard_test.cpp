#include "runtime-api/guard.hpp"

#include <sys/wait.h>
#include <csignal>

#include "emulator/base/temporary_directory.hpp"
#include "runtime-api/sweep.hpp"
#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
// A process that has left its parent's group, session and care, and does not want to go.
int start_hidden(const std::string& mark) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  // An ignored signal stays ignored over exec.
  const auto text =
      "echo $$ >&" + std::to_string(ends[1]) + "; trap '' TERM HUP INT; exec sleep 1000 >/dev/null 2>&1";
  if (::fork() == 0) {
    ::setsid();
    if (::fork() == 0) {
      ::setenv("_EMU_DAEMON", mark.c_str(), 1);
      ::execl("/bin/sh", "sh", "-c", text.c_str(), nullptr);
    }
    ::_exit(0);
  }
  char number[20] = {};
  REQUIRE(::read(ends[0], number, sizeof number - 1) > 0);
  ::close(ends[0]);
  ::close(ends[1]);
  return std::stoi(number);
}
}  // namespace

TEST_CASE("a daemon killed by SIGKILL leaves no function process behind") {
  Ids ids;
  const auto mark = ids.uuid();
  const pid_t daemon = ::fork();  // stands for the daemon: only it holds the guard's pipe
  if (daemon == 0) {
    const runtime::Guard guard(mark);
    for (;;) ::pause();
  }
  const int function = start_hidden(mark), stranger = start_hidden(ids.uuid());
  ::kill(daemon, SIGKILL);
  ::waitpid(daemon, nullptr, 0);
  CHECK(ProcessWorld::gone(function));
  CHECK(ProcessWorld::alive(stranger));
  ::kill(stranger, SIGKILL);
}

TEST_CASE("the files of a daemon go with it, whether it ends or is killed") {
  const TemporaryDirectory parent;
  const auto scratch = [&](const char* name) {
    fs::create_directories(parent.path() / name / "tmp");
    std::ofstream(parent.path() / name / "tmp" / "file") << "x";
    return parent.path() / name;
  };
  const auto ended = scratch("ended"), killed = scratch("killed"), kept = scratch("kept");
  {
    runtime::Guard guard("unused");
    guard.remove_at_end(ended);
  }
  CHECK(!fs::exists(ended));
  const pid_t daemon = ::fork();
  if (daemon == 0) {
    runtime::Guard guard("unused");
    guard.remove_at_end(killed);
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(daemon, nullptr, 0);
  for (int i = 0; i < 1500 && fs::exists(killed); ++i) ::usleep(2000);
  CHECK(!fs::exists(killed));
  CHECK(fs::exists(kept));
}

TEST_CASE("a daemon that ends cleanly takes its guard with it") {
  pid_t guard = 0;
  {
    const runtime::Guard g("unused");
    guard = g.pid();
    CHECK(ProcessWorld::alive(guard));
  }
  CHECK(!ProcessWorld::alive(guard));
}

TEST_CASE("a sweep kills by the whole variable only") {
  Ids ids;
  const auto mark = ids.uuid();
  const int one = start_hidden(mark), other = start_hidden(mark + "x");
  CHECK(runtime::sweep("_EMU_DAEMON=" + mark, 2000ms));
  CHECK(ProcessWorld::gone(one));
  CHECK(ProcessWorld::alive(other));
  ::kill(other, SIGKILL);
}
}  // namespace emu::test
