#include "emulator/daemon.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <thread>

#include "emulator/admin.hpp"
#include "emulator/api/origin.hpp"
#include "emulator/base/bounded_json.hpp"
#include "emulator/base/file.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/environments.hpp"
#include "emulator/overview.hpp"
#include "emulator/own_certificate.hpp"
#include "runtime-api/bootstrap_files.hpp"
#include "runtime-api/process_launcher.hpp"
#include "storage/memory_engine.hpp"

namespace emu {
namespace fs = std::filesystem;
namespace {
constexpr std::uint64_t kBodyLimit = 70'167'211;  // CreateFunction's, the largest of all (spec-lambda 0)

// Stalled connections cost descriptors, which functions and the data directory need, too. As long as AWS's
// balancers wait for a request that began; and for a next one, 350 s.
constexpr auto kStalled = std::chrono::seconds(30), kIdle = std::chrono::seconds(350);

constexpr Duration kGrace = std::chrono::milliseconds(250);  // each step of ending emu run's command

// Where the daemon keeps its files: the data directory, or a temporary one that goes with the daemon.
struct Directory {
  explicit Directory(const std::optional<fs::path>& data) {
    path = data ? fs::absolute(*data).lexically_normal() : temporary.emplace().path();
  }
  std::optional<TemporaryDirectory> temporary;
  fs::path path;
};

// An environment takes about six descriptors; the 1024 that systems give are for programs that use select().
void raise_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

http::Limits connection_limits() {
  http::Limits out{kStalled, kIdle};
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
    out.connections = files.rlim_cur / 2;
  return out;
}

std::unique_ptr<storage::Engine> open_disk(const Directory& directory, storage::Durability durability) {
  if (directory.temporary) return std::make_unique<storage::MemoryEngine>();
  return std::make_unique<storage::RocksEngine>(directory.path / "db", durability);
}

// The keys that tokens are checked with where their issuer cannot be reached.
Json read_jwks(const std::optional<fs::path>& file) {
  if (!file) return {};
  const auto text = read_file(*file);
  if (!text) throw Problems({}, fmt::format("cannot read {}", file->string()));
  auto out = bounded_parse(*text);
  if (!out.is_object() || !out.contains("keys") || !out["keys"].is_array())
    throw Problems({}, fmt::format("{} is no JWKS document: {{\"keys\": [...]}}", file->string()));
  return out;
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
                                  runtime::FunctionLogs& logs, runtime::Switches switches) {
  std::error_code ignored;
  fs::remove_all(home / "run", ignored);  // what an earlier daemon's environments left in their /tmp
  fs::create_directories(home / "run");
  runtime::write_bootstraps(home / "run" / "runtime");
  return {.run_dir = home / "run",
          .runtime_dir = home / "run" / "runtime",
          .node_modules = node_modules(),
          .endpoint_url = fmt::format("http://127.0.0.1:{}", port),
          .logs = logs,
          .mark = mark,
          .switches = std::move(switches)};
}
}  // namespace

namespace {
awaitable<http::Response> said(http::Response response) { co_return response; }
}  // namespace

struct Daemon::Parts {
  Parts(DaemonSettings s, std::string mark_of_children);
  awaitable<http::Response> answer(http::Request request);
  awaitable<void> stop();
  std::uint16_t listen();
  void prepare(http::Server& of);
  void serve_project();
  Home at_home() {
    return home.with([](const Home& h) { return h; });
  }
  awaitable<void> end_early(int signal);  // on a signal, or asked by a client (0)
  awaitable<void> child_ends(Duration longest);

  DaemonSettings settings;
  const std::string mark;
  Directory directory;
  RealClock clock;
  Ids ids;
  OwnCertificate certificate;
  const http::Limits limits = connection_limits();  // of all ports together
  Loops loops;
  http::Server server, server6;
  std::optional<http::Server> project_server, project_server6;
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
  std::atomic<bool> early = false;
  Guarded<Home> home;
};

Daemon::Parts::Parts(DaemonSettings s, std::string mark_of_children)
    : settings(std::move(s)),
      mark(std::move(mark_of_children)),
      directory(settings.data),
      certificate(directory.path / "tls", clock),
      loops(static_cast<int>(std::thread::hardware_concurrency())),
      server(
          loops, [this](http::Request r) { return answer(std::move(r)); }, kBodyLimit),
      server6(
          loops, [this](http::Request r) { return answer(std::move(r)); }, kBodyLimit),
      port(listen()),  // nothing is answered until the loops run
      disk(open_disk(directory, settings.durability)),
      logs(directory.path / "logs", clock),
      launcher(loops, clock, ids, processes(directory.path, port, mark, logs, settings.switches)),
      code(loops, directory.path / "code", bundler()),
      app({clock, loops, ids, *disk, launcher, code},
          {settings.strict,
           settings.dynamodb_classic ? dynamodb::Validation::classic : dynamodb::Validation::modern,
           settings.sqs, settings.concurrency, settings.any_host, read_cold_starts(settings.cold_start),
           read_jwks(settings.jwks), settings.api_rate}),
      admin(
          app.services(),
          {[this] { return emu::overview(app, at_home()); },
           [this](std::string_view sha256) { return code.read_zip(sha256); },
           [this] { return environments_of(app, launcher.booted_ahead(), clock.now(), at_home().isolation); },
           [this] { loops.spawn(end_early(0)); },
           [this] { return OwnTls{certificate.get().certificate, certificate.file().string()}; }}),
      signals(loops.first(), SIGINT, SIGTERM) {
  home.with([&](Home& h) {
    h.port = port;
    h.region = settings.region;
    h.data = directory.temporary ? "" : directory.path.string();
    h.logs = (directory.path / "logs").string();
    h.isolation = launcher.isolation();
  });
  server6.try_listen("::1",
                     port);  // "localhost" is this first for some clients; 127.0.0.1 is what is promised
}

void Daemon::Parts::prepare(http::Server& of) {
  of.limit(limits);
  of.speak_tls([this] {
    const auto own = certificate.get();
    return std::optional(http::Certificate{own.certificate, own.key});
  });
}

std::uint16_t Daemon::Parts::listen() {
  prepare(server);
  prepare(server6);
  return server.listen("127.0.0.1", settings.port);
}

awaitable<http::Response> Daemon::Parts::answer(http::Request request) {
  if (Admin::claims(request)) {
    auto away = settings.any_host ? std::nullopt : turn_away_foreign(request);
    return away ? said(std::move(*away)) : admin.serve(std::move(request));
  }
  return app.handle(std::move(request));
}

// The command of emu run goes first, so that it meets a living daemon while it cleans up and does not outlive
// it. Ctrl-C reaches it without us: the terminal tells the whole group.
awaitable<void> Daemon::Parts::end_early(int signal) {
  status = signal ? 128 + signal : 0;
  early = true;
  if (signal == SIGINT) co_await child_ends(kGrace);
  for (const int harder : {SIGTERM, SIGKILL}) {
    if (child > 0) ::kill(child, harder);
    co_await child_ends(kGrace);
  }
  co_await stop();
}

awaitable<void> Daemon::Parts::child_ends(Duration longest) {
  for (const Time until = clock.now() + longest; child > 0 && clock.now() < until;)
    co_await clock.sleep(std::chrono::milliseconds(5));
}

awaitable<void> Daemon::Parts::stop() {
  server.stop();
  server6.stop();
  launcher.stop();
  for (auto* of_project : {&project_server, &project_server6})
    if (*of_project) (*of_project)->stop();
  app.close();
  co_await launcher.farewell();
  loops.stop();
}

// The project's own port, once there is an API to serve there.
void Daemon::Parts::serve_project() {
  if (settings.api_port == 0 || project_server || app.front_api().empty()) return;
  const auto handler = [this](http::Request r) { return app.handle_front(std::move(r)); };
  project_server.emplace(loops, handler, kBodyLimit);
  project_server6.emplace(loops, handler, kBodyLimit);
  prepare(*project_server);
  prepare(*project_server6);
  auto address = fmt::format("http://localhost:{}", settings.api_port);
  if (project_server->try_listen("127.0.0.1", settings.api_port))
    project_server6->try_listen("::1", settings.api_port);
  else
    address = fmt::format("port {} is in use; it is at http://localhost:{}, or give --api-port",
                          settings.api_port, port);
  home.with([&](Home& h) { h.api_address = std::move(address); });
}

Daemon::Daemon(DaemonSettings settings, std::string mark) {
  raise_open_files();
  parts_ = std::make_unique<Parts>(std::move(settings), std::move(mark));
}

// The parts stay: coroutines that still wait hold references to them, and the process ends now anyway.
Daemon::~Daemon() { static_cast<void>(parts_.release()); }

std::uint16_t Daemon::port() const { return parts_->port; }

fs::path Daemon::scratch() const {
  const auto& p = *parts_;
  return p.directory.temporary ? p.directory.path : p.launcher.environments();
}

int Daemon::run(std::function<awaitable<int>(Daemon&)> main) {
  auto& p = *parts_;
  p.app.start();
  p.signals.async_wait([&p](boost::system::error_code cancelled, int signal) {
    if (cancelled) return;
    p.loops.spawn(p.end_early(signal));
  });
  auto work = [this, &p, main = std::move(main)]() -> awaitable<void> {
    const int status = co_await main(*this);
    if (p.early) co_return;  // end_early() knows better
    p.status = status;
    co_await p.stop();
  };
  p.loops.spawn(work());
  p.loops.run();
  p.launcher.close();
  p.disk.reset();
  return p.status;
}

awaitable<deploy::Deployed> Daemon::deploy(deploy::Project project) {
  auto& p = *parts_;
  deploy::Deployed deployed;
  const auto names = project.stack_names();
  std::vector<Problem> problems;
  for (const auto& stack : project.stacks) {
    try {
      p.app.stacks().check({.region = stack.region}, stack.name, stack.stack_template, stack.parameters);
    } catch (const Problems& found) {
      std::ranges::copy(found.all, std::back_inserter(problems));
    }
  }
  if (!problems.empty()) throw Problems(std::move(problems));
  for (auto& stack : project.stacks) {
    Context context;
    context.request_id = p.ids.uuid();
    context.scope.region = stack.region;
    context.host = fmt::format("localhost:{}", p.port);
    auto one = co_await p.app.stacks().apply(context, std::move(stack.name), std::move(stack.stack_template),
                                             std::move(stack.parameters));
    std::ranges::move(one.changes, std::back_inserter(deployed.changes));
    std::ranges::move(one.notes, std::back_inserter(deployed.notes));
  }
  co_await p.app.until_durable();
  p.home.with([&](Home& home) {
    home.project = project.file.string();
    home.stack = names;
  });
  for (const auto& change : deployed.changes)
    if ((change.type == "AWS::ApiGatewayV2::Api" || change.type == "AWS::ApiGateway::RestApi") &&
        p.app.front_api().empty())
      p.app.set_front_api(change.physical_id);
  p.serve_project();
  co_return deployed;
}

awaitable<Json> Daemon::overview() { return emu::overview(parts_->app, parts_->at_home()); }

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
