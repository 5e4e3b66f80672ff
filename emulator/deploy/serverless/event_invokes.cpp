// {N}LambdaEvConf (spec-iac 1.3, 3): how asynchronous invocations of a function are retried and where their
// ends are told: destinations, maximumEventAge, maximumRetryAttempts.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/arn.hpp"
#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kDestinationKeys[] = {{"onSuccess"}, {"onFailure"}};
constexpr Key kTargetKeys[] = {{"arn"}, {"type"}};
constexpr std::pair<std::string_view, std::string_view> kActions[] = {{"sqs", "sqs:SendMessage"},
                                                                      {"sns", "sns:Publish"},
                                                                      {"eventBus", "events:PutEvents"},
                                                                      {"events", "events:PutEvents"},
                                                                      {"function", "lambda:InvokeFunction"},
                                                                      {"lambda", "lambda:InvokeFunction"}};

// A function of this service by its key, an ARN, or {arn, type}; null: reported.
std::optional<Json> target(Service& service, const Node& given, const std::string& path) {
  if (given.is_map() && !is_intrinsic(given)) {
    const Section section(given, path, kTargetKeys, service.report);
    const Node* arn = section.value("arn");
    if (!arn) service.report.refuse(given.place, path + " has no arn");
    if (!arn) return std::nullopt;
    allow_delivery(service, *arn, section.text("type"));
    return arn->json();
  }
  if (given.is_string() && !given.text().starts_with("arn:")) {
    const auto function = std::ranges::find(service.functions, given.text(), &Function::key);
    if (function == service.functions.end()) {
      service.report.refuse(given.place, fmt::format("{}: there is no function \"{}\"", path, given.text()));
      return std::nullopt;
    }
    // Spelled out: the target's role is this one, and may not depend on the target.
    const Json arn{
        {"Fn::Sub",
         fmt::format("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{}",
                     function->name)}};
    allow_delivery(service, Node(arn, given.place), nullptr);
    return function->arn();
  }
  allow_delivery(service, given, nullptr);
  return given.json();
}

void compile_event_invoke(Service& service, const Function& function) {
  const std::string path = "functions." + function.key;
  const Section settings(function.node, path, kFunctionKeys, service.report);
  const Node* given = settings.map("destinations");
  const auto age = settings.number("maximumEventAge"), retries = settings.number("maximumRetryAttempts");
  if (!given && !age && !retries) return;
  const Place& place = given ? given->place : age ? age->place : retries->place;
  Node& properties =
      *service
           .add(function.logical_id + "LambdaEvConf", "AWS::Lambda::EventInvokeConfig",
                {{"FunctionName", ref_to(function.lambda_id())}, {"Qualifier", "$LATEST"}}, place)
           .find("Properties");
  if (age) properties.set("MaximumEventAgeInSeconds", *age);
  if (retries) properties.set("MaximumRetryAttempts", *retries);
  if (!given) return;
  const Section destinations(*given, settings.path("destinations"), kDestinationKeys, service.report);
  Json config = Json::object();
  for (const auto& [key, name] : {std::pair("onSuccess", "OnSuccess"), std::pair("onFailure", "OnFailure")})
    if (const Node* one = destinations.find(key))
      if (auto arn = target(service, *one, destinations.path(key))) config[name] = {{"Destination", *arn}};
  properties.set("DestinationConfig", Node(config, given->place));
}
}  // namespace

void allow_delivery(Service& service, const Node& arn, const Node* type) {
  const auto parsed = arn.is_string() ? Arn::parse(arn.text()) : std::nullopt;
  const std::string kind = type && type->is_string() ? type->text() : parsed ? parsed->service : "lambda";
  const auto* action =
      std::ranges::find(kActions, kind, &std::pair<std::string_view, std::string_view>::first);
  if (action == std::end(kActions))
    return service.report.refuse(arn.place, fmt::format("there are no destinations of type {}", kind));
  allow(service, {{"Effect", "Allow"}, {"Action", action->second}, {"Resource", Json::array({arn.json()})}},
        arn.place);
}

void compile_event_invokes(Service& service) {
  for (const auto& function : service.functions) compile_event_invoke(service, function);
}
}  // namespace emu::deploy::serverless
