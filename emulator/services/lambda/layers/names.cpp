#include "emulator/services/lambda/layers/names.hpp"

#include <algorithm>

#include "emulator/base/text.hpp"

namespace emu::lambda {
namespace {
constexpr std::string_view kNamePattern =
    R"((arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+)";
constexpr std::size_t kLongest = 140;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

// A layer's ARN up to its name; what follows stays in `rest`.
std::optional<LayerName> arn_of(std::string_view text, std::string_view& rest) {
  const auto arn = Arn::parse(text);
  if (!arn || arn->service != "lambda" || arn->region.empty() || arn->account.size() != 12)
    return std::nullopt;
  static constexpr std::string_view kLayer = ":layer:";
  const auto at = text.find(kLayer);
  if (at == text.npos || !arn->resource.starts_with("layer:")) return std::nullopt;
  rest = text.substr(at + kLayer.size());
  const auto colon = std::min(rest.find(':'), rest.size());
  LayerName out{{std::string(arn->account), std::string(arn->region)}, std::string(rest.substr(0, colon))};
  rest.remove_prefix(colon);
  return is_name(out.name) ? std::optional(out) : std::nullopt;
}
}  // namespace

LayerName parse_layer_name(const Scope& scope, std::string_view text) {
  Violations out;
  std::string_view rest;
  auto named = is_name(text) ? std::optional(LayerName{scope, std::string(text)}) : arn_of(text, rest);
  if (!named || !rest.empty()) out.pattern(text, "layerName", kNamePattern);
  out.longest(text, "layerName", kLongest);
  out.raise();
  return *named;
}

std::optional<LayerVersionName> parse_layer_version(std::string_view arn) {
  std::string_view rest;
  const auto layer = arn_of(arn, rest);
  if (!layer || !rest.starts_with(':')) return std::nullopt;
  const auto number = number_in<std::int64_t>(rest.substr(1));
  if (!number || *number < 0) return std::nullopt;
  return LayerVersionName{*layer, *number};
}

std::string layer_arn(const LayerName& layer) {
  return fmt::format("arn:aws:lambda:{}:{}:layer:{}", layer.scope.region, layer.scope.account, layer.name);
}
std::string layer_version_arn(const LayerName& layer, std::int64_t number) {
  return fmt::format("{}:{}", layer_arn(layer), number);
}
}  // namespace emu::lambda
