// CreateFunctionUrlConfig, GetFunctionUrlConfig, UpdateFunctionUrlConfig, DeleteFunctionUrlConfig,
// ListFunctionUrlConfigs (spec-lambda E.4).
#include <algorithm>

#include "emulator/services/lambda/page.hpp"
#include "emulator/services/lambda/settings.hpp"
#include "emulator/services/lambda/urls/urls.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kIdLength = 32;
constexpr int kLongestAge = 86'400;  // of Cors.MaxAge

AwsError no_function() { return not_found("Function does not exist"); }
AwsError no_url() { return not_found("The resource you requested does not exist."); }

FunctionName addressed(const Scope& scope, std::string_view function,
                       const std::optional<std::string>& qualifier) {
  if (qualifier && (is_version(*qualifier) || qualifier->contains('$'))) {
    Violations out;
    out.pattern(*qualifier, "qualifier", R"(((?!^\d+$)^[0-9a-zA-Z-_]+$))");
    out.raise();
  }
  return parse_name(scope, function, qualifier, NameShape::plain);
}

void validate(const UrlOptions& in) {
  Violations out;
  one_of(out, in.AuthType, "authType", {"NONE", "AWS_IAM"});
  one_of(out, in.InvokeMode, "invokeMode", {"BUFFERED", "RESPONSE_STREAM"});
  if (in.Cors && in.Cors->MaxAge) out.range(*in.Cors->MaxAge, "cors.maxAge", 0, kLongestAge);
  out.raise();
}

std::string timestamp(Time t) {  // "2024-01-01T00:00:00.000000Z"
  auto text = iso8601_ms(t);
  text.insert(text.size() - 1, "000");
  return text;
}

bool empty(const UrlCors& cors) { return wire::encode(cors).empty(); }

UrlConfiguration described(const Context& context, const FunctionName& name, const UrlRecord& record) {
  const auto colon = context.host.rfind(':');
  const auto port = colon == std::string::npos ? std::string() : context.host.substr(colon);
  return {fmt::format("http://{}.lambda-url.{}.localhost{}/", record.id, context.scope.region, port),
          name.arn(context.scope),
          record.auth_type,
          record.cors,
          record.created,
          std::nullopt,
          record.invoke_mode};
}

UrlConfiguration with_times(UrlConfiguration out, const UrlRecord& record) {
  out.LastModifiedTime = record.modified;
  if (!out.InvokeMode) out.InvokeMode = "BUFFERED";
  return out;
}

const UrlRecord* record_of(const Function* function, const std::string& qualifier) {
  if (!function || !function->shared.urls) return nullptr;
  const auto at = function->shared.urls->find(qualifier);
  return at == function->shared.urls->end() ? nullptr : &at->second;
}
}  // namespace

Result<UrlConfiguration> create_url(Lambda& lambda, Context& context, UrlOptions in) {
  const auto name = addressed(context.scope, in.FunctionName, in.Qualifier);
  if (!in.AuthType) return wire::Missing("AuthType");
  validate(in);
  const auto now = timestamp(lambda.clock.now());
  UrlRecord record{lambda.ids.text(kIdLength, Ids::kLowerAlnum), *in.AuthType, now, now, in.InvokeMode, {}};
  if (in.Cors && !empty(*in.Cors)) record.cors = std::move(in.Cors);
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (!copy.resolve(name.qualifier)) return no_function();
        if (copy.latest()->record.settings.tenancy)
          return invalid_parameter("Function URLs are not supported for functions with tenant isolation.");
        if (record_of(&copy, name.qualifier))
          return conflict(
              fmt::format("Failed to create function url config for [functionArn = {}]. Error message:  "
                          "FunctionUrlConfig "
                          "exists for this Lambda function",
                          name.arn(context.scope)));
        if (!copy.shared.urls) copy.shared.urls.emplace();
        copy.shared.urls->emplace(name.qualifier, record);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return no_function();
  lambda.index_urls(**changed);
  return described(context, name, record);
}

Result<UrlConfiguration> update_url(Lambda& lambda, Context& context, UrlOptions in) {
  const auto name = addressed(context.scope, in.FunctionName, in.Qualifier);
  validate(in);
  UrlRecord after;
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        const auto* before = record_of(&copy, name.qualifier);
        if (!before) return no_url();
        after = *before;
        if (in.AuthType) after.auth_type = *in.AuthType;
        if (in.InvokeMode) after.invoke_mode = *in.InvokeMode;
        if (in.Cors) after.cors = empty(*in.Cors) ? std::nullopt : in.Cors;
        after.modified = timestamp(lambda.clock.now());
        (*copy.shared.urls)[name.qualifier] = after;
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return no_function();
  return with_times(described(context, name, after), after);
}

Result<Empty> delete_url(Lambda& lambda, Context& context, UrlInput in) {
  const auto name = addressed(context.scope, in.FunctionName, in.Qualifier);
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (!record_of(&copy, name.qualifier)) return no_url();
        copy.shared.urls->erase(name.qualifier);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return no_url();
  return Empty{};
}

namespace {
Result<UrlConfiguration> get_url(Lambda& lambda, Context& context, UrlInput in) {
  const auto name = addressed(context.scope, in.FunctionName, in.Qualifier);
  const auto function = lambda.registry.find(context.scope, name.name);
  const auto* record = record_of(function.get(), name.qualifier);
  if (!record) return no_url();
  return with_times(described(context, name, *record), *record);
}

struct ListUrlsInput {
  std::string FunctionName;
  std::optional<std::string> Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListUrlsInput, (), (FunctionName, Marker, MaxItems))
struct ListUrlsOutput {
  std::vector<UrlConfiguration> FunctionUrlConfigs;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListUrlsOutput, (), (FunctionUrlConfigs, NextMarker))

Result<ListUrlsOutput> list_urls(Lambda& lambda, Context& context, ListUrlsInput in) {
  const auto name = addressed(context.scope, in.FunctionName, std::nullopt);
  const auto function = lambda.registry.find(context.scope, name.name);
  if (!function) return no_function();
  std::vector<UrlConfiguration> all;
  if (function->shared.urls)
    for (const auto& [qualifier, record] : *function->shared.urls)
      all.push_back(with_times(described(context, {name.name, qualifier}, record), record));
  ListUrlsOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.FunctionUrlConfigs);
  return out;
}
}  // namespace

std::span<const Operation> url_operations() {
#define EMU_URL "/2021-10-31/functions/{FunctionName}/url?Qualifier"
  static constexpr Operation rows[] = {
      rest<create_url>("CreateFunctionUrlConfig", "POST " EMU_URL, 201),
      rest<get_url>("GetFunctionUrlConfig", "GET " EMU_URL),
      rest<update_url>("UpdateFunctionUrlConfig", "PUT " EMU_URL),
      rest<delete_url>("DeleteFunctionUrlConfig", "DELETE " EMU_URL, 204),
      rest<list_urls>("ListFunctionUrlConfigs",
                      "GET /2021-10-31/functions/{FunctionName}/urls?Marker&MaxItems"),
  };
#undef EMU_URL
  return rows;
}
}  // namespace emu::lambda
