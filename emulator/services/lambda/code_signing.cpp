// Code signing: no configuration can be made here, so none is ever found and no function has one.
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
namespace {
AwsError no_such_config() {
  return not_found("The Lambda code signing configuration ARN can not be found.",
                   "CodeSigningConfigNotFoundException");
}

struct CreateInput {
  std::optional<Json> Description, AllowedPublishers, CodeSigningPolicies, Tags;
};
BOOST_DESCRIBE_STRUCT(CreateInput, (), (Description, AllowedPublishers, CodeSigningPolicies, Tags))
Result<Empty> create_config(Lambda&, Context&, CreateInput) {
  return invalid_parameter("emu verifies no signatures of code: it has no code signing configurations.");
}

struct ConfigInput {
  std::string CodeSigningConfigArn;
};
BOOST_DESCRIBE_STRUCT(ConfigInput, (), (CodeSigningConfigArn))
Result<Empty> find_config(Lambda&, Context&, ConfigInput) { return no_such_config(); }

struct UpdateInput {
  std::string CodeSigningConfigArn;
  std::optional<Json> Description, AllowedPublishers, CodeSigningPolicies;
};
BOOST_DESCRIBE_STRUCT(UpdateInput, (),
                      (CodeSigningConfigArn, Description, AllowedPublishers, CodeSigningPolicies))
Result<Empty> update_config(Lambda&, Context&, UpdateInput) { return no_such_config(); }

struct ListInput {
  std::optional<Json> Marker, MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListInput, (), (Marker, MaxItems))
struct ListOutput {
  std::vector<Json> CodeSigningConfigs;
};
BOOST_DESCRIBE_STRUCT(ListOutput, (), (CodeSigningConfigs))
Result<ListOutput> list_configs(Lambda&, Context&, ListInput) { return ListOutput{}; }

struct ListFunctionsInput {
  std::string CodeSigningConfigArn;
  std::optional<Json> Marker, MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListFunctionsInput, (), (CodeSigningConfigArn, Marker, MaxItems))
Result<Empty> list_functions(Lambda&, Context&, ListFunctionsInput) { return no_such_config(); }

struct FunctionInput {
  std::string FunctionName;
};
BOOST_DESCRIBE_STRUCT(FunctionInput, (), (FunctionName))
struct FunctionOutput {
  std::string FunctionName;
};
BOOST_DESCRIBE_STRUCT(FunctionOutput, (), (FunctionName))

Result<FunctionOutput> get_of_function(Lambda& lambda, Context& context, FunctionInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, std::nullopt, NameShape::plain);
  auto function = lambda.find(context.scope, {name.name, ""});
  if (!function) return std::move(function.error());
  return FunctionOutput{name.name};
}

Result<Empty> delete_of_function(Lambda& lambda, Context& context, FunctionInput in) {
  auto got = get_of_function(lambda, context, std::move(in));
  if (!got) return std::move(got.error());
  return Empty{};
}

struct PutInput {
  std::string FunctionName, CodeSigningConfigArn;
};
BOOST_DESCRIBE_STRUCT(PutInput, (), (FunctionName, CodeSigningConfigArn))
Result<Empty> put_of_function(Lambda& lambda, Context& context, PutInput in) {
  auto got = get_of_function(lambda, context, {std::move(in.FunctionName)});
  if (!got) return std::move(got.error());
  return no_such_config();
}
}  // namespace

std::span<const Operation> code_signing_operations() {
#define EMU_CONFIGS "/2020-04-22/code-signing-configs"
#define EMU_FUNCTION "/2020-06-30/functions/{FunctionName}/code-signing-config"
  static constexpr Operation rows[] = {
      rest<create_config>("CreateCodeSigningConfig", "POST " EMU_CONFIGS, 201),
      rest<find_config>("GetCodeSigningConfig", "GET " EMU_CONFIGS "/{CodeSigningConfigArn}"),
      rest<update_config>("UpdateCodeSigningConfig", "PUT " EMU_CONFIGS "/{CodeSigningConfigArn}"),
      rest<find_config>("DeleteCodeSigningConfig", "DELETE " EMU_CONFIGS "/{CodeSigningConfigArn}", 204),
      rest<list_configs>("ListCodeSigningConfigs", "GET " EMU_CONFIGS "?Marker&MaxItems"),
      rest<list_functions>("ListFunctionsByCodeSigningConfig",
                           "GET " EMU_CONFIGS "/{CodeSigningConfigArn}/functions?Marker&MaxItems"),
      rest<get_of_function>("GetFunctionCodeSigningConfig", "GET " EMU_FUNCTION),
      rest<put_of_function>("PutFunctionCodeSigningConfig", "PUT " EMU_FUNCTION),
      rest<delete_of_function>("DeleteFunctionCodeSigningConfig", "DELETE " EMU_FUNCTION, 204),
  };
#undef EMU_CONFIGS
#undef EMU_FUNCTION
  return rows;
}
}  // namespace emu::lambda
