// Which function a request means: bare names, partial and full ARNs, with a version or alias in the name or
// beside it (spec-lambda E.1). Pure; used by every operation and by whoever invokes by ARN.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/api/context.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
inline constexpr std::string_view kLatest = "$LATEST";

// The parts as written, views into the text; empty where not given.
struct NameParts {
  std::string_view region, account, name, qualifier;
};
// Which of AWS's two shapes an operation declares for its FunctionName.
enum class NameShape { plain, namespaced };

std::optional<NameParts> split_name(std::string_view text, NameShape shape);
Scope scope_of(const NameParts& parts);  // that they name, else the default one
bool is_qualifier(std::string_view text);
bool is_version(std::string_view text);  // "$LATEST" or digits

struct FunctionName {
  std::string name;
  std::string qualifier;                      // "": none was given
  std::string arn(const Scope& scope) const;  // as asked for: with the qualifier if there was one
  std::string unqualified_arn(const Scope& scope) const;
};

// Throws what AWS answers for a malformed name or qualifier, or one of another region or account.
FunctionName parse_name(const Scope& scope, std::string_view text,
                        const std::optional<std::string>& qualifier = std::nullopt,
                        NameShape shape = NameShape::namespaced);
// For operations that are about the function as a whole and take no Qualifier.
FunctionName parse_unqualified(const Scope& scope, std::string_view text);
// For CreateFunction, whose limit of 64 characters is an error of its own.
FunctionName parse_new_name(const Scope& scope, std::string_view text);

std::string function_arn(const Scope& scope, std::string_view name, std::string_view qualifier = {});
}  // namespace emu::lambda
