#include <nlohmann/json.hpp>

#include "runtime-api/bootstrap_files.hpp"
#include "tests/runtime-api/process_world.hpp"

namespace emu::test {
namespace {
// A function in a language of Lambda's, with our runtime client for it.
std::shared_ptr<Function> managed(ProcessWorld& w, const std::string& runtime, const std::string& file,
                                  const std::string& code) {
  runtime::write_bootstraps(w.directory / "runtime");
  const auto f = w.function("managed", "#!/bin/sh\n", [&](FunctionSpec& s) {
    s.runtime = runtime;
    s.handler = "index.handler";
    s.timeout = 10s;
  });
  std::ofstream(f->spec->task_root / file) << code;
  return f;
}
constexpr std::string_view kNode = R"js(
exports.handler = async (event, context) => {
  console.log('handling');
  if (event === 'throw') throw new TypeError('bad');
  return { event, env: process.env.AWS_EXECUTION_ENV, tmp: process.env.TMPDIR };
};
)js";
constexpr std::string_view kPython = R"py(
import os
def handler(event, context):
    print('handling')
    if event == 'throw': raise ValueError('bad')
    return {'event': event, 'env': os.environ['AWS_EXECUTION_ENV']}
)py";
}  // namespace

TEST_CASE("a Node function answers and logs, and its errors are Node's") {
  ProcessWorld w;
  const auto f = managed(w, "nodejs20.x", "index.js", std::string(kNode));
  const auto out = w.invoke(f, "5");
  const auto body = nlohmann::json::parse(out.payload);
  CHECK(body["event"] == 5);
  CHECK(body["env"] == "AWS_Lambda_nodejs20.x");
  CHECK(out.log_tail.find("\tINFO\thandling\nEND RequestId") != std::string::npos);
  const auto failed = w.invoke(f, "\"throw\"");
  CHECK(failed.kind == Outcome::Kind::function_error);
  CHECK(nlohmann::json::parse(failed.payload)["errorType"] == "TypeError");
  CHECK(w.invoke(f, "6").kind == Outcome::Kind::ok);
}

TEST_CASE("a Python function answers and logs, and its errors are Python's") {
  ProcessWorld w;
  const auto f = managed(w, "python3.12", "index.py", std::string(kPython));
  const auto out = w.invoke(f, "5");
  const auto body = nlohmann::json::parse(out.payload);
  CHECK(body["event"] == 5);
  CHECK(body["env"] == "AWS_Lambda_python3.12");
  CHECK(out.log_tail.find("handling\nEND RequestId") != std::string::npos);
  const auto failed = w.invoke(f, "\"throw\"");
  CHECK(nlohmann::json::parse(failed.payload)["errorType"] == "ValueError");
  CHECK(w.invoke(f, "6").kind == Outcome::Kind::ok);
}

TEST_CASE("a missing module is reported by the second try, and the fixed function works") {
  ProcessWorld w;
  const auto f = managed(w, "nodejs20.x", "index.js", "require('no-such-package');");
  const auto out = w.invoke(f);
  CHECK(nlohmann::json::parse(out.payload)["errorType"] == "Runtime.ImportModuleError");
  CHECK(out.error_type == "Runtime.ImportModuleError");
  std::ofstream(f->spec->task_root / "index.js") << kNode;
  CHECK(w.invoke(f, "1").kind == Outcome::Kind::ok);
}

TEST_CASE("a runtime whose own version is missing runs on the newest compatible one, and says so") {
  ProcessWorld w;
  const auto f = managed(w, "python3.24", "index.py", std::string(kPython));
  CHECK(w.invoke(f, "1").kind == Outcome::Kind::ok);
  CHECK(w.log("managed").find("emu: python3.24 runs on Python 3.") != std::string::npos);
}

TEST_CASE("a runtime we cannot run fails its invocations clearly") {
  ProcessWorld w;
  const auto out = w.invoke(managed(w, "cobol85", "index.js", ""));
  CHECK(out.error_type == "Runtime.InvalidEntrypoint");
  CHECK(out.payload.find("the runtime cobol85 is not supported by this emulator yet") != std::string::npos);
}
}  // namespace emu::test
