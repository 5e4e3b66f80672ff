// A World with the Lambda service in it: functions are C++ callables, their zips real ones in a directory of
// the test's own.
#pragma once
#include "emulator/base/digest.hpp"
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/source.hpp"
#include "runtime-api/model_launcher.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
class LambdaWorld : public World {
 public:
  explicit LambdaWorld(int concurrent = 1000) : LambdaWorld(Later{}, concurrent) { begin(); }
  // The daemon of `before` was stopped, and this is the next one on its data.
  explicit LambdaWorld(LambdaWorld& before) : LambdaWorld(Later{}, before) { begin(); }

  std::shared_ptr<Folder> folder = std::make_shared<Folder>();
  runtime::ModelLauncher launcher{clock};
  Guarded<runtime::Concurrency> concurrency;
  runtime::Invoker invoker{clock, launcher, concurrency};
  Ports ports;  // of the other services, for who adds some before anything is invoked
  lambda::CodeStore code{loops, folder->path() / "code", {}};
  lambda::Lambda lambda{disk, clock, loops, ids, invoker, concurrency, code, ports};

  static std::string zip(std::string_view text = "exports.handler = async () => 1") {
    return lambda::inline_zip("nodejs20.x", text);
  }
  static Json function(std::string_view name, Json more = Json::object()) {
    Json in{{"FunctionName", name},
            {"Role", "arn:aws:iam::000000000000:role/r"},
            {"Runtime", "nodejs20.x"},
            {"Handler", "index.handler"},
            {"Code", {{"ZipFile", base64_encode(zip())}}}};
    in.update(more);
    return in;
  }
  Json create(std::string_view name, Json more = Json::object()) {
    return call(lambda, "CreateFunction", function(name, std::move(more)));
  }
  Json call_lambda(std::string_view operation, Json input = Json::object()) {
    return call(lambda, operation, std::move(input));
  }
  AwsError refused(std::string_view operation, Json input = Json::object()) {
    return fail(lambda, operation, std::move(input));
  }
  Json configuration(std::string_view name) {
    return call_lambda("GetFunctionConfiguration", {{"FunctionName", name}});
  }

  // The function answers what it is given; `calls` counts.
  void echo(const std::string& name) {
    launcher.add(name, {.handler = [this](const runtime::Invocation& invocation) {
                   ++calls;
                   seen = invocation;
                   return runtime::Outcome{.payload = invocation.payload, .log_tail = "REPORT"};
                 }});
  }
  void failing(const std::string& name) {
    launcher.add(name, {.handler = [this](const runtime::Invocation& invocation) {
                   ++calls;
                   seen = invocation;
                   return runtime::Outcome{.kind = runtime::Outcome::Kind::function_error,
                                           .payload = R"({"errorType":"Error"})",
                                           .error_type = "Error"};
                 }});
  }
  Json invoke(std::string_view name, std::string payload = "{}", Json more = Json::object()) {
    Json in{{"FunctionName", name}, {"Payload", std::move(payload)}};
    in.update(more);
    return call_lambda("Invoke", std::move(in));
  }
  void invoke_event(std::string_view name, std::string id, std::string payload = "{}") {
    context.request_id = std::move(id);
    CHECK(invoke(name, std::move(payload), {{"InvocationType", "Event"}})["StatusCode"] == 202);
    advance(0s);
  }
  int calls = 0;
  runtime::Invocation seen;

 protected:
  // For worlds with other services in them: begin() when they are there.
  struct Later {};
  LambdaWorld(Later, int concurrent) : concurrency(concurrent) {}
  LambdaWorld(Later, LambdaWorld& before) : folder(before.folder), concurrency(1000) {
    storage::Batch rows;
    before.disk.scan({}, [&](storage::BytesView key, storage::BytesView value) {
      rows.changes.push_back({storage::Bytes(key), storage::Bytes(value)});
      return true;
    });
    disk.write(rows);
    advance(before.clock.now() - clock.now());
  }
  void begin() {
    lambda.load();
    start(lambda.run());
  }
};
}  // namespace emu::test
