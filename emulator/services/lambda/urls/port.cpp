#include <algorithm>

#include "emulator/services/lambda/payload.hpp"
#include "emulator/services/lambda/urls/urls.hpp"

namespace emu::lambda {
namespace {
bool covers(const Json& statement, std::string_view action) {
  const auto said = statement.value("Action", "");
  return said == "*" || said == "lambda:*" || said == action;
}

bool is_principal(const Json& principal, std::string_view account) {
  if (principal == "*") return true;
  if (account.empty() || !principal.is_object()) return false;
  const auto arn = principal.value("AWS", "");
  return arn == "*" || arn.contains(fmt::format("::{}:", account));
}

// A condition this statement may have: absent, or with this value.
bool holds(const Json& statement, const char* kind, const char* key, std::string_view value) {
  const auto conditions = statement.find("Condition");
  if (conditions == statement.end() || !conditions->contains(kind)) return true;
  const auto& of_kind = (*conditions)[kind];
  return !of_kind.contains(key) || of_kind[key] == value;
}

bool allows(const Policy& policy, std::string_view account, std::string_view action, const char* auth_type) {
  return std::ranges::any_of(policy.statements, [&](const Json& statement) {
    return covers(statement, action) && is_principal(statement["Principal"], account) &&
           holds(statement, "StringEquals", "lambda:FunctionUrlAuthType", auth_type) &&
           holds(statement, "Bool", "lambda:InvokedViaFunctionUrl", "true");
  });
}

runtime::FunctionUrl shown(const Function& function, const std::string& qualifier, const UrlRecord& record) {
  runtime::FunctionUrl out{record.id,
                           function_arn(function.scope, function.name, qualifier),
                           function.scope.account,
                           record.auth_type == "AWS_IAM",
                           record.invoke_mode == "RESPONSE_STREAM",
                           {}};
  if (!record.cors) return out;
  const auto list = [](const auto& strings) { return strings.value_or(std::vector<std::string>{}); };
  const auto& cors = *record.cors;
  out.cors = runtime::FunctionUrl::Cors{cors.AllowCredentials.value_or(false),
                                        list(cors.AllowHeaders),
                                        list(cors.AllowMethods),
                                        list(cors.AllowOrigins),
                                        list(cors.ExposeHeaders),
                                        cors.MaxAge};
  return out;
}
}  // namespace

void Lambda::index_urls(const Function& function) {
  if (!function.shared.urls) return;
  urls.with([&](auto& index) {
    for (const auto& [qualifier, record] : *function.shared.urls)
      index.insert_or_assign(record.id, UrlOwner{function.scope, function.name, qualifier});
  });
}

std::optional<runtime::FunctionUrl> UrlPort::find_url(std::string_view id) {
  const auto owner = lambda_.urls.with([&](const auto& index) {
    const auto at = index.find(id);
    return at == index.end() ? std::nullopt : std::optional(at->second);
  });
  if (!owner) return std::nullopt;
  const auto function = lambda_.registry.find(owner->scope, owner->function);
  if (function && function->shared.urls)
    if (const auto at = function->shared.urls->find(owner->qualifier);
        at != function->shared.urls->end() && at->second.id == id)
      return shown(*function, owner->qualifier, at->second);
  lambda_.urls.with([&](auto& index) { index.erase(std::string(id)); });  // it, or its function, is deleted
  return std::nullopt;
}

// Signed requests of the function's own account are let through: emu has no policies of users and roles that
// could forbid it. Others need what AWS needs: a statement for the URL, and since October 2025 one for the
// invocation behind it.
bool UrlPort::may_call(const runtime::FunctionUrl& url, std::string_view account) {
  if (url.iam && account.empty()) return false;
  if (url.iam && account == url.account) return true;
  const auto parts = split_name(url.arn, NameShape::plain);
  const auto function = parts ? lambda_.registry.find(scope_of(*parts), parts->name) : nullptr;
  if (!function) return false;
  const auto policy = function->shared.policies.find(std::string(parts->qualifier));
  if (policy == function->shared.policies.end()) return false;
  const char* const type = url.iam ? "AWS_IAM" : "NONE";
  return allows(policy->second, account, "lambda:InvokeFunctionUrl", type) &&
         allows(policy->second, account, "lambda:InvokeFunction", type);
}

awaitable<Result<std::shared_ptr<runtime::ResponsePipe>>> UrlPort::call_url(runtime::FunctionUrl url,
                                                                            runtime::Invocation invocation) {
  const auto parts = split_name(url.arn, NameShape::plain);
  if (!parts) co_return AwsError{"ResourceNotFoundException", "Function not found: " + url.arn, 404};
  auto found =
      lambda_.find_invocable(scope_of(*parts), {std::string(parts->name), std::string(parts->qualifier)});
  if (!found) co_return std::move(found.error());
  if (auto error = check_size(invocation.payload, kSyncPayload)) co_return std::move(*error);
  auto& target = *found;
  co_return co_await lambda_.stream(std::move(target), std::move(invocation));
}
}  // namespace emu::lambda
