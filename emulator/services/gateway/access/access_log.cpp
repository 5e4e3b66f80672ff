#include "emulator/services/gateway/access/access_log.hpp"

#include <fmt/format.h>

#include <cctype>

#include "emulator/base/error.hpp"
#include "emulator/base/log.hpp"

namespace emu::gateway {
namespace {
std::string member_text(const Json& settings, const char* member) {
  const auto it = settings.find(member);
  return it != settings.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// The value at "identity.sourceIp"; a claim's name may itself have dots.
const Json* value_at(const Json& context, std::string_view path) {
  const Json* at = &context;
  while (!path.empty()) {
    if (!at->is_object()) return nullptr;
    if (const auto whole = at->find(path); whole != at->end()) return &*whole;
    const auto dot = path.find('.');
    const auto it = at->find(path.substr(0, dot));
    if (it == at->end() || dot == path.npos) return nullptr;
    at = &*it;
    path.remove_prefix(dot + 1);
  }
  return at;
}

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// How much of the text is a variable's path: a dot or a dash counts where the name goes on behind it.
std::size_t path_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const char c = text[length];
    const bool joins = (c == '.' || c == '-') && length + 1 < text.size() && in_name(text[length + 1]);
    if (!in_name(c) && !joins) break;
    ++length;
  }
  return length;
}

std::int64_t milliseconds(Duration length) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
}
}  // namespace

std::optional<AccessLog> access_log_of(const Json* settings) {
  if (!settings || !settings->is_object()) return std::nullopt;
  AccessLog out{member_text(*settings, "destinationArn"), member_text(*settings, "format")};
  if (out.group_arn.empty() || out.format.empty()) return std::nullopt;
  return out;
}

void check_access_log(const std::string& destination, const std::string& format) {
  const auto refuse = [](std::string message) {
    throw AwsError{"BadRequestException", std::move(message), 400};
  };
  if (!destination.empty() && !destination.starts_with("arn:"))
    refuse("Invalid ARN specified in the request. ARNs must start with 'arn:': " + destination);
  const auto end = format.find_last_not_of("\r\n");
  if (end != format.npos && format.substr(0, end).find('\n') != format.npos)
    refuse("AccessLog format must be single line, new line character is allowed only at end of the format");
}

std::string access_line(std::string_view format, const Json& context) {
  static constexpr std::string_view kContext = "$context.";
  std::string out;
  for (auto at = format.find(kContext); at != format.npos; at = format.find(kContext)) {
    out += format.substr(0, at);
    format.remove_prefix(at + kContext.size());
    const auto length = path_length(format);
    const auto* value = length == 0 ? nullptr : value_at(context, format.substr(0, length));
    if (!value || value->is_null() || (value->is_string() && value->get_ref<const std::string&>().empty()))
      out += '-';
    else
      out += value->is_string() ? value->get<std::string>() : json_text(*value);
    format.remove_prefix(length);
  }
  return out.append(format);
}

void complete_context(Json& context, std::size_t received, const http::Response& response,
                      const IntegrationLog& integration, Duration took) {
  context["status"] = std::to_string(response.status);
  context["responseLength"] = std::to_string(response.body.size());
  context["responseLatency"] = std::to_string(milliseconds(took));
  context["dataProcessed"] = std::to_string(received + response.body.size());
  Json& told = context["integration"] = Json::object();
  if (integration.status) told["status"] = std::to_string(*integration.status);
  if (integration.call_status)
    context["integrationStatus"] = told["integrationStatus"] = std::to_string(*integration.call_status);
  if (integration.took)
    context["integrationLatency"] = told["latency"] = std::to_string(milliseconds(*integration.took));
  if (!integration.request_id.empty()) {
    told["requestId"] = integration.request_id;
    for (const auto* name : {"awsEndpointRequestId", "awsEndpointRequestId2"})
      context[name] = integration.request_id;
  }
  if (!integration.error.empty()) context["integrationErrorMessage"] = told["error"] = integration.error;
}

void AccessLogs::write(const AccessLog& log, std::string_view stage, const Json& context, Time now) {
  if (!sink) return;
  auto line = access_line(log.format, context);
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  const auto stream = fmt::format("{}-{}", iso8601(now).substr(0, 10), stage);
  if (sink->put(log.group_arn, stream, now, std::move(line))) return;
  const bool first = missed_.with([&](auto& groups) { return groups.insert(log.group_arn).second; });
  if (first)
    log_warning(
        fmt::format("access logs of stage {} are lost: there is no log group {}", stage, log.group_arn));
}
}  // namespace emu::gateway
