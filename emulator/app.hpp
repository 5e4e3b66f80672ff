// The wiring diagram: builds the services in order of dependence, fills Ports, and answers every request of
// the one port. Knows no disk, process or clock of its own: `emu up` gives real ones (daemon.hpp), tests and
// experiments virtual ones.
#pragma once
#include "emulator/api/dispatch.hpp"
#include "emulator/api/ports.hpp"
#include "emulator/deploy/stacks/stacks.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/streams/service.hpp"
#include "emulator/services/dynamodb/streams/source.hpp"
#include "emulator/services/gateway/door.hpp"
#include "emulator/services/gateway/urls/urls.hpp"
#include "emulator/services/iam/iam.hpp"
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/port.hpp"
#include "emulator/services/lambda/urls/urls.hpp"
#include "emulator/services/logs/port.hpp"
#include "emulator/services/sqs/port.hpp"
#include "emulator/services/sts/sts.hpp"
#include "runtime-api/invoker.hpp"

namespace emu {
struct Parts {
  Clock& clock;
  Loops& loops;
  Ids& ids;
  storage::Engine& disk;
  runtime::Launcher& launcher;
  lambda::CodeStore& code;
};

struct AppSettings {
  bool strict = false;  // refuse members that are accepted without effect
  dynamodb::Validation dynamodb_validation = dynamodb::Validation::modern;
  sqs::Options sqs;
  int concurrency = 1000;  // of an account in a region
  bool any_host = false;   // serve requests that a foreign web page may have sent
  runtime::ColdStarts cold_starts = {};
  Json jwks = {};                                 // keys of issuers of tokens that cannot be reached
  double api_rate = gateway::kAccountLimit.rate;  // requests per second of an account's APIs; 0: any
};

class App {
 public:
  App(const Parts& parts, const AppSettings& settings);
  // Rebuilds memory from disk and starts the background loops. Before the first request.
  void start();
  // Answers once all that its reply may tell of is durable, as the engine understands it.
  awaitable<http::Response> handle(http::Request request);
  awaitable<void> until_durable();
  // Looks at every row on disk; instead of start(), not after it.
  void verify(Report& report);
  void close() { invoker_.close(); }  // ends every execution environment

  deploy::Stacks& stacks() { return stacks_; }
  gateway::Gateway& gateway() { return gateway_; }
  gateway::v1::RestApis& rest_apis() { return rest_apis_; }
  runtime::Invoker& invoker() { return invoker_; }
  Guarded<runtime::Concurrency>& concurrency() { return concurrency_; }
  std::span<Service* const> services() const { return services_; }
  // Calls an operation of a service by name, as a client in that context would.
  awaitable<Result<Json>> call(std::string_view service, std::string_view operation, Context context,
                               Json input);

  // Requests that no AWS API claims go to this API, so that a project's routes are at the root of the port:
  // `curl localhost:4566/orders`; of a REST API below its stages. Empty: they are answered 404.
  void set_front_api(std::string api_id);
  std::string front_api();
  // A request to the project's own port, where nothing but that API is.
  awaitable<http::Response> handle_front(http::Request request);

 private:
  awaitable<http::Response> route(http::Request request);
  awaitable<http::Response> unclaimed(http::Request request);
  http::Handler within();  // answers what one service asks of another as if a client did
  Clock& clock_;
  Loops& loops_;
  storage::Engine& disk_;
  Guarded<runtime::Concurrency> concurrency_;
  runtime::Invoker invoker_;
  Ports ports_;
  dynamodb::DynamoDb dynamodb_;
  dynamodb::DynamoDbStreams streams_;
  dynamodb::TableStreamSource stream_source_;
  lambda::Lambda lambda_;
  gateway::v1::RestApis rest_apis_;
  gateway::Gateway gateway_;
  gateway::Door door_;
  lambda::FunctionTarget lambda_target_;
  lambda::UrlPort url_port_;
  gateway::Urls urls_;
  sqs::Sqs sqs_;
  sqs::QueueTarget queue_target_;
  sqs::EventQueues event_queues_;
  sts::Sts sts_;
  iam::Iam iam_;
  logs::Logs logs_;
  logs::GroupSink log_sink_;
  std::vector<Service*> services_;
  Dispatcher dispatcher_;
  deploy::Stacks stacks_;
  Guarded<std::string> front_api_;
};
}  // namespace emu
