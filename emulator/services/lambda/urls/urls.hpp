// The configurations of function URLs, shared by their operations and by deployments, and the port by which
// the gateway serves them.
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "runtime-api/function_urls.hpp"

namespace emu::lambda {
struct UrlOptions {
  std::string FunctionName;
  std::optional<std::string> Qualifier, AuthType, InvokeMode;
  std::optional<UrlCors> Cors;
};
BOOST_DESCRIBE_STRUCT(UrlOptions, (), (FunctionName, Qualifier, AuthType, InvokeMode, Cors))
struct UrlInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
};
BOOST_DESCRIBE_STRUCT(UrlInput, (), (FunctionName, Qualifier))
struct UrlConfiguration {
  std::string FunctionUrl, FunctionArn, AuthType;
  std::optional<UrlCors> Cors;
  std::string CreationTime;
  std::optional<std::string> LastModifiedTime, InvokeMode;
};
BOOST_DESCRIBE_STRUCT(UrlConfiguration, (),
                      (FunctionUrl, FunctionArn, AuthType, Cors, CreationTime, LastModifiedTime, InvokeMode))

Result<UrlConfiguration> create_url(Lambda& lambda, Context& context, UrlOptions in);
Result<UrlConfiguration> update_url(Lambda& lambda, Context& context, UrlOptions in);
Result<Empty> delete_url(Lambda& lambda, Context& context, UrlInput in);

class UrlPort final : public runtime::FunctionUrls {
 public:
  explicit UrlPort(Lambda& lambda) : lambda_(lambda) {}
  std::optional<runtime::FunctionUrl> find_url(std::string_view id) override;
  bool may_call(const runtime::FunctionUrl& url, std::string_view account) override;
  awaitable<Result<std::shared_ptr<runtime::ResponsePipe>>> call_url(runtime::FunctionUrl url,
                                                                     runtime::Invocation invocation) override;

 private:
  Lambda& lambda_;
};
}  // namespace emu::lambda
