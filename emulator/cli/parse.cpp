// The command line: every command, its options and its help. The only includer of CLI11.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>

#include "emulator/cli/options.hpp"
#include "emulator/source/spelling.hpp"

namespace emu::cli {
namespace {
using Run = std::function<int()>;

void add_durability(CLI::App& command, storage::Durability& durability) {
  const std::map<std::string, storage::Durability> known{{"process", storage::Durability::process},
                                                         {"sync", storage::Durability::sync}};
  auto check = [known](const std::string& written) -> std::string {
    if (known.contains(written)) return "";
    return written + " is no durability; --durability and EMU_DURABILITY take process or sync";
  };
  auto take = [known, &durability](const std::string& written) { durability = known.at(written); };
  command
      .add_option_function<std::string>(
          "--durability", std::move(take),
          "what acknowledged writes survive: process, the daemon's death (default); sync, a power cut too")
      ->check(CLI::Validator(std::move(check), "", "durability"))
      ->envname("EMU_DURABILITY");
}

void add_sqs_options(CLI::App& command, sqs::Options& options) {
  using enum sqs::UrlStrategy;
  static const std::map<std::string, sqs::UrlStrategy> known{
      {"dynamic", dynamic}, {"standard", standard}, {"domain", domain}, {"path", path}, {"legacy", legacy}};
  auto check = [](const std::string& written) -> std::string {
    if (known.contains(written)) return "";
    return written +
           " is no form of queue URLs; --sqs-urls and EMU_SQS_URLS take dynamic, standard, domain, path or "
           "legacy";
  };
  auto take = [&options](const std::string& written) { options.urls = known.at(written); };
  command
      .add_option_function<std::string>("--sqs-urls", std::move(take),
                                        "the form of queue URLs: dynamic, the host the client used "
                                        "(default); standard, domain, path, legacy")
      ->check(CLI::Validator(std::move(check), "", "form"))
      ->envname("EMU_SQS_URLS");
  command
      .add_flag(
          "--sqs-sixty-seconds", options.sixty_seconds,
          "as on AWS, a queue's name is free 60 s after its deletion, and it can be purged once in 60 s")
      ->envname("EMU_SQS_SIXTY_SECONDS");
}

void add_lambda_options(CLI::App& command, DaemonOptions& options) {
  auto check = [](const std::string& written) -> std::string {
    if (runtime::ColdStartSetting::parse(written)) return "";
    return written +
           " is no kind of cold start; --cold-start and EMU_COLD_START take real, modelled, "
           "modelled:PROFILE or fixed:MILLISECONDS";
  };
  command
      .add_option("--cold-start", options.cold_start.setting,
                  "how long functions take to start: real, as long as their process does; modelled, at\n"
                  "least as long as on AWS; fixed:MS; the tag emu:cold-start says it for one function")
      ->check(CLI::Validator(std::move(check), "", "kind"))
      ->envname("EMU_COLD_START")
      ->capture_default_str();
  command
      .add_option("--cold-start-seed", options.cold_start.seed, "what modelled cold starts are drawn with")
      ->envname("EMU_COLD_START_SEED")
      ->capture_default_str();
  command
      .add_option("--cold-start-model", options.cold_start.model,
                  "a file in place of the built-in config/cold-start.yaml")
      ->envname("EMU_COLD_START_MODEL");
  command
      .add_option("--lambda-concurrency", options.concurrency,
                  "concurrent executions of an account in a region")
      ->check(CLI::Range(1, 1'000'000))
      ->envname("EMU_LAMBDA_CONCURRENCY")
      ->capture_default_str();
  command
      .add_option("--jwks", options.jwks,
                  "a JWKS file: keys that tokens of https:// issuers are checked with, who are not asked")
      ->envname("EMU_JWKS");
  command
      .add_option("--api-rate", options.api_rate,
                  "requests per second to the APIs of an account in a region, half as many at once; 0: any")
      ->check(CLI::Range(0.0, 1e6))
      ->envname("EMU_API_RATE")
      ->capture_default_str();
}

CLI::Validator validation() {
  auto check = [](const std::string& written) -> std::string {
    if (written == "modern" || written == "classic") return "";
    return fmt::format(
        "{} is no generation of error texts; --dynamodb-validation and EMU_DYNAMODB_VALIDATION take modern "
        "or "
        "classic",
        written);
  };
  return {std::move(check), "", "modern|classic"};
}

void add_daemon_options(CLI::App& command, DaemonOptions& o) {
  command.add_option("DIR", o.directory, "the project (serverless.yml or cdk.out); default: this directory");
  auto* data =
      command.add_option("--data", o.data, "where tables, functions and logs are kept; default: DIR/.emu");
  command.add_flag("--ephemeral", o.ephemeral, "keep everything in memory, nothing after the end")
      ->excludes(data);
  command.add_option("--stage", o.stage, "the stage to deploy; default: the project's, or dev");
  command.add_option("--region", o.region, "the region to deploy to; default: the project's, or us-east-1");
  command.add_flag("--strict", o.strict, "refuse parameters that are otherwise accepted without effect");
  command
      .add_flag("--any-host", o.any_host,
                "serve AWS requests to any host and from pages of any origin; a web page may then send them")
      ->envname("EMU_ANY_HOST");
  add_durability(command, o.durability);
  command
      .add_option("--dynamodb-validation", o.dynamodb_validation,
                  "DynamoDB's error texts: modern, or classic for those of before 2026")
      ->check(validation())
      ->envname("EMU_DYNAMODB_VALIDATION")
      ->capture_default_str();
  add_sqs_options(command, o.sqs);
  add_lambda_options(command, o);
  command.add_option("--freeze", o.freeze, "stop function processes between invocations: on, off")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command
      .add_option("--memory", o.memory,
                  "of functions: limit kills what holds more than it has, measure only reports it")
      ->check(CLI::IsMember({"limit", "measure"}))
      ->capture_default_str();
  command
      .add_option("--boot-ahead", o.boot_ahead,
                  "so many Node.js and Python interpreters of a kind wait, booted, for a cold start")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command
      .add_option("--cpu", o.cpu,
                  "give functions CPU in proportion to their memory, where control groups allow: on, off")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command.add_option("--debug", o.debug, "start this function under its inspector, without time-outs");
}

// CLI11 itself would only say that it "could not convert".
CLI::Validator port_from(int lowest) {
  auto check = [lowest](const std::string& written) -> std::string {
    const bool digits = !written.empty() && written.size() < 6 &&
                        std::ranges::all_of(written, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (digits && std::stoi(written) >= lowest && std::stoi(written) <= 65535) return "";
    return fmt::format("{} is no port; --port and EMU_PORT take a number from {} to 65535", written, lowest);
  };
  return {std::move(check), "", "port"};
}

void add_port(CLI::App& command, std::uint16_t& port, std::string help = "the daemon's port",
              int lowest = 1) {
  command.add_option("--port", port, std::move(help))
      ->check(port_from(lowest))
      ->envname("EMU_PORT")
      ->capture_default_str();
}

template <class Options>
CLI::App* add(CLI::App& app, std::string name, std::string help, Options& options,
              int (*command)(const Options&), Run& chosen) {
  auto* sub = app.add_subcommand(std::move(name), std::move(help));
  sub->callback([&options, command, &chosen] { chosen = [&options, command] { return command(options); }; });
  return sub;
}

struct All {
  UpOptions up;
  RunOptions run;
  ClientOptions client;
  InvokeOptions invoke;
  LogsOptions logs;
  InspectOptions inspect;
  EnvironmentsOptions environments;
  VerifyOptions verify;
};

void add_daemon_commands(CLI::App& app, All& o, Run& chosen) {
  auto* up_command = add(app, "up", "start the daemon and deploy the project of DIR", o.up, &up, chosen);
  add_daemon_options(*up_command, o.up);
  add_port(*up_command, o.up.port, "where to listen, on loopback; 0 for a free port", 0);
  up_command
      ->add_option("--api-port", o.up.api_port,
                   "where the project's own API is at the root; 0: nowhere (default: 3000, if it is free)")
      ->envname("EMU_API_PORT")
      ->check(port_from(0));
  up_command->add_flag("--detach,-d", o.up.detach, "return once it answers; stop it with emu down");

  auto* run_command = add(app, "run",
                          "start on a free port with nothing kept, deploy DIR, run COMMAND against it,\n"
                          "stop; exits with COMMAND's status: emu run [DIR] -- COMMAND …",
                          o.run, &run, chosen);
  add_daemon_options(*run_command, o.run);
  o.run.port = 0;
  run_command->add_option("--port", o.run.port, "a port instead of a free one")->check(port_from(0));
  run_command->footer(
      "COMMAND finds AWS_ENDPOINT_URL, region and credentials in its environment; EMU_API_URL is the\n"
      "project's HTTP API, EMU_PORT the port for emu's own commands.");
}

void add_client_commands(CLI::App& app, All& o, Run& chosen) {
  add_port(*add(app, "down", "stop the daemon", o.client, &down, chosen), o.client.port);
  add_port(*add(app, "status", "what is deployed and where", o.client, &status, chosen), o.client.port);

  auto* invoke_command =
      add(app, "invoke", "invoke a function and print its result", o.invoke, &invoke, chosen);
  invoke_command->add_option("NAME", o.invoke.name, "its name, or its key in serverless.yml")->required();
  invoke_command->add_option("--payload,-p", o.invoke.payload,
                             "the event: JSON, @file, or - for standard input");
  invoke_command->add_flag("--log", o.invoke.show_log, "print the invocation's log to standard error");
  add_port(*invoke_command, o.invoke.port);
  invoke_command->footer("Exit status: 0, 1 if the function failed, 2 if it was not invoked.");

  auto* logs_command = add(app, "logs", "what functions wrote", o.logs, &logs, chosen);
  logs_command->add_option("NAME", o.logs.name, "one function; default: all");
  logs_command->add_flag("--follow,-f", o.logs.follow, "go on printing as lines come");
  add_port(*logs_command, o.logs.port);

  add_port(*add(app, "env", "shell exports for AWS clients: eval \"$(emu env)\"", o.client, &env, chosen),
           o.client.port);

  auto* certificate_command =
      add(app, "certificate", "the file of the certificate for https:// on the daemon's port", o.client,
          &certificate, chosen);
  add_port(*certificate_command, o.client.port);
  certificate_command->footer(
      "For clients that are to trust it: NODE_EXTRA_CA_CERTS=$(emu certificate), AWS_CA_BUNDLE=…,\n"
      "curl --cacert …. Its fingerprint goes to standard error.");
}

void add_offline_commands(CLI::App& app, All& o, Run& chosen) {
  auto* inspect = app.add_subcommand("inspect", "what this emu implements, and what runs in a daemon");
  auto* ops = add(*inspect, "ops", "operations, with the parameters accepted without effect", o.inspect,
                  &inspect_ops, chosen);
  ops->add_flag("--json", o.inspect.json, "as JSON, with every input member");
  ops->add_flag("--markdown", o.inspect.markdown, "as docs/compatibility.md has it");

  auto* environments = add(*inspect, "environments",
                           "execution environments of the running daemon, and throttles with their reasons",
                           o.environments, &inspect_environments, chosen);
  environments->add_flag("--json", o.environments.json, "print one JSON document");
  add_port(*environments, o.environments.port);

  auto* verify_command =
      add(app, "verify", "check a data directory that no daemon has open", o.verify, &verify, chosen);
  verify_command->add_option("DIR", o.verify.directory, "the project; default: this directory");
  verify_command->add_option("--data", o.verify.data, "the data directory; default: DIR/.emu");
  verify_command->add_flag("--json", o.verify.json, "print one JSON document");
  verify_command->footer("Changes nothing. Exit status: 0, 1 if there are defects or it cannot be opened.");
}

// The command that was asked for, as far as it is known.
CLI::App& deepest(CLI::App& app) {
  CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string full_name(const CLI::App& command) {
  const auto* parent = command.get_parent();
  return (parent ? full_name(*parent) + " " : "") + command.get_name();
}

int refuse(const CLI::App& command, std::string what) {
  std::ranges::replace(what, '\n', ' ');
  fmt::print(stderr, "emu: {} See {} --help\n", what, full_name(command));
  return 2;
}

// What CLI11 refused, in words that say what to do. A missing value it tells as "--data: 1 required TEXT
// missing".
int refuse(const CLI::App& command, const CLI::ParseError& e) {
  const std::string what = e.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&e))
    return refuse(command, fmt::format("{} needs a value.", what.substr(0, what.find(':'))));
  return refuse(command, what + ".");
}

// An option or command that does not exist, with the one that was meant.
int refuse_unknown(CLI::App& command, const std::string& written) {
  std::vector<std::string> known;
  const bool option = written.starts_with('-');
  if (option)
    for (const auto* o : command.get_options()) known.push_back(o->get_name());
  else
    for (const auto* sub : command.get_subcommands({})) known.push_back(sub->get_name());
  if (std::ranges::find(known, written) != known.end())
    return refuse(command,
                  fmt::format("{0} belongs behind its command: {1} {0}.", written, full_name(command)));
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto meant = nearest(written, names);
  const auto* what = option ? "option" : names.empty() ? "argument" : "command";
  return refuse(command, fmt::format("unknown {} {}{}", what, written,
                                     meant ? fmt::format("; did you mean {}?", *meant) : "."));
}

void keep_unknown(CLI::App& command) {
  command.allow_extras();
  for (auto* sub : command.get_subcommands({})) keep_unknown(*sub);
}

// CLI11 must not see COMMAND and its options: everything behind "--" is COMMAND's.
std::vector<std::string> take_command(std::vector<std::string>& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A local serverless emulator: AWS Lambda, HTTP APIs, DynamoDB and more in one process.",
               "emu");
  app.footer(
      "In a directory with a serverless.yml or a cdk.out: emu up. More of one command: emu up --help.");
  app.set_version_flag("--version", "emu " EMU_VERSION);
  All options;
  Run chosen;
  add_daemon_commands(app, options, chosen);
  add_client_commands(app, options, chosen);
  add_offline_commands(app, options, chosen);

  keep_unknown(app);

  std::vector<std::string> arguments(argv + 1, argv + argc);
  options.run.command = take_command(arguments);
  std::ranges::reverse(arguments);  // CLI11 takes them from the back
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp& e) {
    return app.exit(e);
  } catch (const CLI::CallForVersion& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    return refuse(deepest(app), e);
  }
  if (const auto unknown = app.remaining(true); !unknown.empty())
    return refuse_unknown(deepest(app), unknown.front());
  if (!chosen) return refuse(deepest(app), "no command given.");
  return chosen();
}
}  // namespace emu::cli
