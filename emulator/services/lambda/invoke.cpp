// Invoke, InvokeAsync and InvokeWithResponseStream (spec-lambda D.1 to D.3).
#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/services/lambda/event_frames.hpp"
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/lineage.hpp"
#include "emulator/services/lambda/payload.hpp"
#include "emulator/services/lambda/settings.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestClientContext = 3583, kLongestTenant = 256;

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

bool is_tenant(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || std::string_view("._:/=+-@ ").contains(static_cast<char>(c));
  });
}

void validate(const InvokeInput& in, Names types) {
  Violations out;
  one_of(out, in.InvocationType, "invocationType", types);
  one_of(out, in.LogType, "logType", {"None", "Tail"});
  if (in.ClientContext) out.longest(*in.ClientContext, "clientContext", kLongestClientContext);
  if (in.TenantId && !is_tenant(*in.TenantId))
    out.pattern(*in.TenantId, "tenantId", R"([a-zA-Z0-9\._:\/=+\-@ ]+)");
  if (in.TenantId) out.longest(*in.TenantId, "tenantId", kLongestTenant);
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
  out.tenant_id = std::move(in.TenantId);
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

// What is asked of an invocation before it begins: a payload AWS would take, a function that can be invoked.
Result<Lambda::Found> admitted(Lambda& lambda, Context& context, const FunctionName& name, InvokeInput& in,
                               std::size_t limit) {
  if (auto error = check_size(in.Payload, limit)) return std::move(*error);
  auto found = lambda.find_invocable(context.scope, name, in.TenantId.value_or(""));
  if (!found) return found;
  if (in.DurableExecutionName) return invalid_parameter("The invoked function is not a durable function.");
  if (in.Payload.empty()) in.Payload = "{}";
  if (auto error = check_json(in.Payload)) return std::move(*error);
  return found;
}

Result<runtime::Invocation> invocation_of(const FunctionName& name, const Context& context,
                                          const Function& function, InvokeInput& in) {
  const auto trace = std::move(in.TraceId).value_or("");
  if (Lambda::in_loop(function, trace)) return recursion_stopped();
  auto decoded = client_context(in.ClientContext);
  if (!decoded) return std::move(decoded.error());
  return runtime::Invocation{.request_id = context.request_id,
                             .payload = std::move(in.Payload),
                             .invoked_arn = name.arn(context.scope),
                             .trace_id = visited(trace, name.unqualified_arn(context.scope)),
                             .client_context = std::move(*decoded),
                             .tenant_id = std::move(in.TenantId).value_or(""),
                             .log_tail = in.LogType == "Tail"};
}

awaitable<Result<InvokeOutput>> invoke(Lambda& lambda, Context& context, InvokeInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  validate(in, {"Event", "RequestResponse", "DryRun"});
  const bool event = in.InvocationType == "Event";
  auto found = admitted(lambda, context, name, in, event ? kAsyncPayload : kSyncPayload);
  if (!found) co_return std::move(found.error());
  if (in.InvocationType == "DryRun") co_return InvokeOutput{.StatusCode = 204};
  if (event) {
    lambda.async_invokes.accept(context.scope, event_of(name, context, in));
    co_return InvokeOutput{.StatusCode = 202};
  }
  auto invocation = invocation_of(name, context, *found->function, in);
  if (!invocation) co_return std::move(invocation.error());
  const bool tail = invocation->log_tail;
  const auto version = found->version;
  auto outcome = co_await lambda.invoke(std::move(*found), std::move(*invocation));
  co_return reply(version->record, std::move(outcome), tail);
}

struct InvokeWithResponseStreamInput {
  std::string FunctionName, Payload;
  std::optional<std::string> InvocationType, LogType, ClientContext, Qualifier, TenantId;
  std::optional<std::string> TraceId;
};
BOOST_DESCRIBE_STRUCT(InvokeWithResponseStreamInput, (),
                      (FunctionName, Payload, InvocationType, LogType, ClientContext, Qualifier, TenantId,
                       TraceId))
struct InvokeWithResponseStreamOutput {
  int StatusCode = 200;
  std::optional<std::string> ExecutedVersion, ResponseStreamContentType, FunctionContentType, TraceId;
};
BOOST_DESCRIBE_STRUCT(InvokeWithResponseStreamOutput, (),
                      (StatusCode, ExecutedVersion, ResponseStreamContentType, FunctionContentType, TraceId))

awaitable<Result<InvokeWithResponseStreamOutput>> invoke_with_response_stream(
    Lambda& lambda, Context& context, InvokeWithResponseStreamInput asked) {
  InvokeInput in{.FunctionName = std::move(asked.FunctionName),
                 .Payload = std::move(asked.Payload),
                 .InvocationType = std::move(asked.InvocationType),
                 .LogType = std::move(asked.LogType),
                 .ClientContext = std::move(asked.ClientContext),
                 .Qualifier = std::move(asked.Qualifier),
                 .TenantId = std::move(asked.TenantId),
                 .TraceId = std::move(asked.TraceId)};
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  validate(in, {"RequestResponse", "DryRun"});
  auto found = admitted(lambda, context, name, in, kSyncPayload);
  if (!found) co_return std::move(found.error());
  using Output = InvokeWithResponseStreamOutput;
  if (in.InvocationType == "DryRun") co_return Output{.StatusCode = 204};
  auto invocation = invocation_of(name, context, *found->function, in);
  if (!invocation) co_return std::move(invocation.error());
  const bool tail = invocation->log_tail;
  const auto version = found->version;
  auto pipe = co_await lambda.stream(std::move(*found), std::move(*invocation));
  Output out{.ExecutedVersion = version->record.version,
             .ResponseStreamContentType = "application/vnd.amazon.eventstream",
             .FunctionContentType = pipe->content_type()};
  if (!pipe->streams()) {
    const auto outcome = pipe->outcome();
    if (outcome.kind == runtime::Outcome::Kind::throttled) co_return throttled(outcome.throttle_reason);
    out.FunctionContentType = outcome.content_type;
  }
  context.stream = std::make_shared<EventFrames>(std::move(pipe), tail);
  co_return out;
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
constexpr wire::Binding kInvokeStream[] = {
    {Where::request_body, "Payload"},
    {Where::request_header, "InvocationType", "X-Amz-Invocation-Type"},
    {Where::request_header, "LogType", "X-Amz-Log-Type"},
    {Where::request_header, "ClientContext", "X-Amz-Client-Context"},
    {Where::request_header, "TenantId", "X-Amz-Tenant-Id"},
    {Where::request_header, "TraceId", "X-Amzn-Trace-Id"},
    {Where::response_status, "StatusCode"},
    {Where::response_header, "ExecutedVersion", "X-Amz-Executed-Version"},
    {Where::response_header, "ResponseStreamContentType", "Content-Type"},
    {Where::response_header, "FunctionContentType", "X-Amzn-Remapped-Content-Type"},
    {Where::response_header, "TraceId", "X-Amzn-Trace-Id"},
    {Where::response_body, "EventStream"},  // context.stream
};
// AWS repeats the status in the body, so it is not bound: {"Status":202}.
constexpr wire::Binding kInvokeAsync[] = {{Where::request_body, "InvokeArgs"}};
}  // namespace

std::span<const Operation> invoke_operations() {
  static constexpr Operation rows[] = {
      rest<invoke>("Invoke", "POST /2015-03-31/functions/{FunctionName}/invocations?Qualifier", 200, kInvoke),
      rest<invoke_with_response_stream>(
          "InvokeWithResponseStream",
          "POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations?Qualifier", 200,
          kInvokeStream),
      rest<invoke_async>("InvokeAsync", "POST /2014-11-13/functions/{FunctionName}/invoke-async", 202,
                         kInvokeAsync),
  };
  return rows;
}
}  // namespace emu::lambda
