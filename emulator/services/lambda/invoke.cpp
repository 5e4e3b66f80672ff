// Invoke and InvokeAsync (spec-lambda D.1, D.2).
#include "emulator/base/digest.hpp"
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/payload.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestClientContext = 3583;

struct InvokeInput {
  std::string FunctionName, Payload;
  std::optional<std::string> InvocationType, LogType, ClientContext, Qualifier, TenantId,
      DurableExecutionName;
  std::optional<std::string> TraceId;  // X-Amzn-Trace-Id, which every AWS request may carry
};
BOOST_DESCRIBE_STRUCT(InvokeInput, (),
                      (FunctionName, Payload, InvocationType, LogType, ClientContext, Qualifier, TenantId,
                       DurableExecutionName, TraceId))
struct InvokeOutput {
  int StatusCode = 200;
  std::string Payload;
  std::optional<std::string> FunctionError, LogResult, ExecutedVersion, TraceId;
};
BOOST_DESCRIBE_STRUCT(InvokeOutput, (),
                      (StatusCode, Payload, FunctionError, LogResult, ExecutedVersion, TraceId))

void validate(const InvokeInput& in) {
  Violations out;
  const auto& type = in.InvocationType;
  if (type && *type != "Event" && *type != "RequestResponse" && *type != "DryRun")
    out.add(*type, "invocationType", "Member must satisfy enum value set: [Event, RequestResponse, DryRun]");
  if (in.LogType && *in.LogType != "None" && *in.LogType != "Tail")
    out.add(*in.LogType, "logType", "Member must satisfy enum value set: [None, Tail]");
  if (in.ClientContext) out.longest(*in.ClientContext, "clientContext", kLongestClientContext);
  out.raise();
}

Result<std::string> client_context(const std::optional<std::string>& header) {
  if (!header || header->empty()) return std::string{};
  auto text = base64_decode(*header);
  if (!text || !Json::accept(*text))
    return user_error("InvalidRequestContentException",
                      "Client context must be a valid Base64-encoded JSON object.");
  return std::move(*text);
}

AsyncInvoke event_of(const FunctionName& name, Context& context, InvokeInput& in) {
  AsyncInvoke out;
  out.request_id = context.request_id;
  out.function = name.name;
  out.qualifier = name.qualifier;
  out.payload = std::move(in.Payload);
  out.trace_id = std::move(in.TraceId).value_or("");
  return out;
}

Result<InvokeOutput> reply(const VersionRecord& record, runtime::Outcome outcome, bool tail) {
  using Kind = runtime::Outcome::Kind;
  if (outcome.kind == Kind::throttled) return throttled(outcome.throttle_reason);
  InvokeOutput out;
  out.Payload = std::move(outcome.payload);
  if (outcome.kind == Kind::function_error) out.FunctionError = "Unhandled";
  if (tail) out.LogResult = base64_encode(outcome.log_tail);
  out.ExecutedVersion = record.version;
  if (!outcome.trace_id.empty()) out.TraceId = std::move(outcome.trace_id);
  return out;
}

awaitable<Result<InvokeOutput>> invoke(Lambda& lambda, Context& context, InvokeInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  validate(in);
  const bool event = in.InvocationType == "Event";
  if (auto error = check_size(in.Payload, event ? kAsyncPayload : kSyncPayload)) co_return std::move(*error);
  auto found = lambda.find_invocable(context.scope, name);
  if (!found) co_return std::move(found.error());
  if (in.TenantId)
    co_return invalid_parameter("The invoked function is not enabled with tenancy configuration.");
  if (in.DurableExecutionName) co_return invalid_parameter("The invoked function is not a durable function.");
  if (in.Payload.empty()) in.Payload = "{}";
  if (auto error = check_json(in.Payload)) co_return std::move(*error);
  if (in.InvocationType == "DryRun") co_return InvokeOutput{.StatusCode = 204};
  if (event) {
    lambda.async_invokes.accept(context.scope, event_of(name, context, in));
    co_return InvokeOutput{.StatusCode = 202};
  }
  auto decoded = client_context(in.ClientContext);
  if (!decoded) co_return std::move(decoded.error());
  const bool tail = in.LogType == "Tail";
  runtime::Invocation invocation{.request_id = context.request_id,
                                 .payload = std::move(in.Payload),
                                 .invoked_arn = name.arn(context.scope),
                                 .trace_id = std::move(in.TraceId).value_or(""),
                                 .client_context = std::move(*decoded),
                                 .log_tail = tail};
  const auto version = found->version;
  auto outcome = co_await lambda.invoke(std::move(*found), std::move(invocation));
  co_return reply(version->record, std::move(outcome), tail);
}

struct InvokeAsyncInput {
  std::string FunctionName, InvokeArgs;
};
BOOST_DESCRIBE_STRUCT(InvokeAsyncInput, (), (FunctionName, InvokeArgs))
struct InvokeAsyncOutput {
  int Status = 202;
};
BOOST_DESCRIBE_STRUCT(InvokeAsyncOutput, (), (Status))

Result<InvokeAsyncOutput> invoke_async(Lambda& lambda, Context& context, InvokeAsyncInput in) {
  const auto name = parse_name(context.scope, in.FunctionName);
  if (auto error = check_size(in.InvokeArgs, kInvokeAsyncPayload)) return std::move(*error);
  auto found = lambda.find_invocable(context.scope, name);
  if (!found) return std::move(found.error());
  if (in.InvokeArgs.empty()) in.InvokeArgs = "{}";
  if (auto error = check_json(in.InvokeArgs)) return std::move(*error);
  InvokeInput event{.FunctionName = {}, .Payload = std::move(in.InvokeArgs)};
  lambda.async_invokes.accept(context.scope, event_of(name, context, event));
  return InvokeAsyncOutput{};
}

using wire::Where;
constexpr wire::Binding kInvoke[] = {
    {Where::request_body, "Payload"},
    {Where::request_header, "InvocationType", "X-Amz-Invocation-Type"},
    {Where::request_header, "LogType", "X-Amz-Log-Type"},
    {Where::request_header, "ClientContext", "X-Amz-Client-Context"},
    {Where::request_header, "TenantId", "X-Amz-Tenant-Id"},
    {Where::request_header, "DurableExecutionName", "X-Amz-Durable-Execution-Name"},
    {Where::request_header, "TraceId", "X-Amzn-Trace-Id"},
    {Where::response_status, "StatusCode"},
    {Where::response_header, "FunctionError", "X-Amz-Function-Error"},
    {Where::response_header, "LogResult", "X-Amz-Log-Result"},
    {Where::response_header, "ExecutedVersion", "X-Amz-Executed-Version"},
    {Where::response_header, "TraceId", "X-Amzn-Trace-Id"},
    {Where::response_body, "Payload"},
};
// AWS repeats the status in the body, so it is not bound: {"Status":202}.
constexpr wire::Binding kInvokeAsync[] = {{Where::request_body, "InvokeArgs"}};
}  // namespace

std::span<const Operation> invoke_operations() {
  static constexpr Operation rows[] = {
      rest<invoke>("Invoke", "POST /2015-03-31/functions/{FunctionName}/invocations?Qualifier", 200, kInvoke),
      rest<invoke_async>("InvokeAsync", "POST /2014-11-13/functions/{FunctionName}/invoke-async", 202,
                         kInvokeAsync),
  };
  return rows;
}
}  // namespace emu::lambda
