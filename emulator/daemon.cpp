#include "emulator/daemon.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <thread>

#include "emulator/admin.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/overview.hpp"
#include "runtime-api/bootstrap_files.hpp"
#include "runtime-api/process_launcher.hpp"
#include "storage/memory_engine.hpp"
#include "storage/rocks_engine.hpp"

namespace emu {
namespace fs = std::filesystem;
namespace {
constexpr std::uint64_t kBodyLimit = 70'167'211;  // CreateFunction's, the largest of all (spec-lambda 0)

// Where the daemon keeps its files: the data directory, or a temporary one that goes with the daemon.
struct Directory {
  explicit Directory(const std::optional<fs::path>& data) {
    path = data ? fs::absolute(*data).lexically_normal() : temporary.emplace().path();
  }
  std::optional<TemporaryDirectory> temporary;
  fs::path path;
};

std::unique_ptr<storage::Engine> open_disk(const Directory& directory) {
  if (directory.temporary) return std::make_unique<storage::MemoryEngine>();
  return std::make_unique<storage::RocksEngine>(directory.path / "db");
}

// Packages for Node functions (tools/node): beside the build, or wherever the environment says.
fs::path node_modules() {
  if (const char* given = std::getenv("EMU_NODE_MODULES")) return given;
  std::error_code failed;
  const auto self = fs::read_symlink("/proc/self/exe", failed);
  const auto beside = self.parent_path().parent_path() / "node" / "node_modules";
  return fs::is_directory(beside, failed) ? beside : fs::path();
}

lambda::BundlerOptions bundler() {
  const auto packages = node_modules();
  return {packages.empty() ? fs::path() : packages / "esbuild"};
}

runtime::ProcessOptions processes(const fs::path& home, std::uint16_t port, const std::string& mark,
                                  runtime::FunctionLogs& logs) {
  std::error_code ignored;
  fs::remove_all(home / "run", ignored);  // what an earlier daemon's environments left in their /tmp
  fs::create_directories(home / "run");
  runtime::write_bootstraps(home / "run" / "runtime");
  return {.run_dir = home / "run",
          .runtime_dir = home / "run" / "runtime",
          .node_modules = node_modules(),
          .endpoint_url = fmt::format("http://127.0.0.1:{}", port),
          .logs = logs,
          .mark = mark};
}
}  // namespace

struct Daemon::Parts {
  Parts(DaemonSettings s, std::string mark_of_children);
  awaitable<http::Response> answer(http::Request request);
  void stop();

  DaemonSettings settings;
  const std::string mark;
  Directory directory;
  RealClock clock;
  Ids ids;
  Loops loops;
  http::Server server, server6;
  std::uint16_t port;
  std::unique_ptr<storage::Engine> disk;
  runtime::FunctionLogs logs;
  runtime::ProcessLauncher launcher;
  lambda::CodeStore code;
  App app;
  Admin admin;
  asio::signal_set signals;
  std::atomic<int> status = 0;
  std::atomic<pid_t> child = 0;  // of emu run
  Home home;
};

Daemon::Parts::Parts(DaemonSettings s, std::string mark_of_children)
    : settings(std::move(s)),
      mark(std::move(mark_of_children)),
      directory(settings.data),
      loops(static_cast<int>(std::thread::hardware_concurrency())),
      server(
          loops, [this](http::Request r) { return answer(std::move(r)); }, kBodyLimit),
      server6(
          loops, [this](http::Request r) { return answer(std::move(r)); }, kBodyLimit),
      port(server.listen("127.0.0.1", settings.port)),  // nothing is answered until the loops run
      disk(open_disk(directory)),
      logs(directory.path / "logs", clock),
      launcher(loops, clock, ids, processes(directory.path, port, mark, logs)),
      code(loops, directory.path / "code", bundler()),
      app({clock, loops, ids, *disk, launcher, code}, settings.strict),
      admin(app.services(),
            {[this] { return emu::overview(app, home); },
             [this](std::string_view sha256) { return code.read_zip(sha256); }, [this] { stop(); }}),
      signals(loops.first(), SIGINT, SIGTERM) {
  home = {port,
          settings.region,
          directory.temporary ? "" : directory.path.string(),
          (directory.path / "logs").string(),
          "",
          ""};
  server6.try_listen("::1",
                     port);  // "localhost" is this first for some clients; 127.0.0.1 is what is promised
}

awaitable<http::Response> Daemon::Parts::answer(http::Request request) {
  if (Admin::claims(request)) return admin.serve(std::move(request));
  return app.handle(std::move(request));
}

void Daemon::Parts::stop() {
  if (child > 0) ::kill(child, SIGTERM);
  server.stop();
  server6.stop();
  app.close();
  loops.stop();
}

Daemon::Daemon(DaemonSettings settings, std::string mark) {
  parts_ = std::make_unique<Parts>(std::move(settings), std::move(mark));
}

// The parts stay: coroutines that still wait hold references to them, and the process ends now anyway.
Daemon::~Daemon() { static_cast<void>(parts_.release()); }

std::uint16_t Daemon::port() const { return parts_->port; }

int Daemon::run(std::function<awaitable<int>(Daemon&)> main) {
  auto& p = *parts_;
  p.app.start();
  p.signals.async_wait([&p](boost::system::error_code cancelled, int signal) {
    if (cancelled) return;
    p.status = 128 + signal;
    p.stop();
  });
  auto work = [this, &p, main = std::move(main)]() -> awaitable<void> {
    p.status = co_await main(*this);
    p.stop();
  };
  p.loops.spawn(work());
  p.loops.run();
  p.launcher.close();
  p.disk.reset();
  if (p.directory.temporary) p.directory.temporary->remove();
  return p.status;
}

awaitable<deploy::Deployed> Daemon::deploy(deploy::Project project) {
  auto& p = *parts_;
  Context context;
  context.request_id = p.ids.uuid();
  context.scope.region = project.region;
  context.host = fmt::format("localhost:{}", p.port);
  auto deployed =
      co_await p.app.stacks().apply(context, project.stack_name, std::move(project.stack_template), {});
  if (p.home.stack != project.stack_name) {  // a repeated deployment leaves alone what other loops read
    p.home.project = project.file.string();
    p.home.stack = project.stack_name;
  }
  for (const auto& change : deployed.changes)
    if (change.type == "AWS::ApiGatewayV2::Api" && p.app.front_api().empty())
      p.app.set_front_api(change.physical_id);
  co_return deployed;
}

awaitable<Json> Daemon::overview() { return emu::overview(parts_->app, parts_->home); }

awaitable<int> Daemon::wait_for(int pid) {
  parts_->child = pid;
  auto wait = [this, pid] {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    parts_->child = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  };
  co_return co_await parts_->loops.blocking(std::move(wait));
}
}  // namespace emu
