#include "runtime-api/extensions/extensions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/json.hpp"

namespace emu::runtime {
namespace {
using State = Extension::State;
using Refusal = Extensions::Refusal;

Refusal refuse(std::string_view type, std::string message) {
  return {403, fmt::format("Extension.{}", type), std::move(message)};
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !digit) return false;
  }
  return true;
}

// The events of a registration's body; an empty body asks for none.
std::variant<std::vector<std::string>, Refusal> events_of(std::string_view body, bool external,
                                                          bool several) {
  std::vector<std::string> out;
  const auto document = bounded_parse(body);
  if (!document.is_object()) return Refusal{403, "InvalidRequestFormat", "The body is no JSON object"};
  const auto events = document.find("events");
  if (events == document.end() || events->is_null()) return out;
  if (!events->is_array()) return Refusal{403, "InvalidRequestFormat", "\"events\" is no list"};
  for (const auto& event : *events) {
    const auto name = event.is_string() ? event.get<std::string>() : event.dump();
    if (name != "SHUTDOWN" && (several || name != "INVOKE"))  // spec-lambda A.7
      return refuse("InvalidEventType", fmt::format("{}: ErrorInvalidEventType", name));
    if (name == "SHUTDOWN" && !external)
      return refuse("InvalidEventType",
                    fmt::format("{}: ShutdownEventNotSupportedForInternalExtension", name));
    if (std::ranges::find(out, name) == out.end()) out.push_back(name);
  }
  return out;
}
}  // namespace

bool Extension::wants(std::string_view event) const {
  const bool failed = state == State::init_error || state == State::exit_error;
  return !failed && std::ranges::find(events, event) != events.end();
}

Extension* Extensions::find(std::string_view id) {
  const auto at = std::ranges::find(all_, id, &Extension::id);
  return at == all_.end() ? nullptr : &*at;
}

std::variant<Extension, Refusal> Extensions::enter(std::string_view name, std::string_view body,
                                                   std::string new_id, bool several) {
  if (name.empty()) return refuse("InvalidExtensionName", "Empty extension name");
  if (closed_) return refuse("RegistrationClosed", "Extension registration closed already");
  const auto at = std::ranges::find(all_, name, &Extension::name);
  const bool external = at != all_.end() && at->external;
  if (at != all_.end() && at->state != State::launched)
    return refuse("InvalidExtensionState", "Extension with this name already registered");
  if (at == all_.end() && all_.size() >= kMaxExtensions)
    return refuse("TooManyExtensions", fmt::format("Extension limit ({}) reached", kMaxExtensions));
  auto events = events_of(body, external, several);
  if (auto* refused = std::get_if<Refusal>(&events)) return std::move(*refused);
  if (at == all_.end()) all_.push_back({.name = std::string(name)});
  auto& entered = at == all_.end() ? all_.back() : *at;
  entered.id = std::move(new_id);
  entered.events = std::get<0>(std::move(events));
  entered.state = State::registered;
  return entered;
}

std::variant<Extension*, Refusal> Extensions::known(std::optional<std::string_view> id) {
  if (!id || id->empty())
    return refuse("MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header");
  if (!is_uuid(*id)) return refuse("InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier");
  if (auto* found = find(*id)) return found;
  return refuse("UnknownExtensionIdentifier", fmt::format("Unknown extension {}", *id));
}

Extensions::Next Extensions::next(std::optional<std::string_view> id) {
  auto who = known(id);
  if (auto* refused = std::get_if<Refusal>(&who)) return std::move(*refused);
  auto& extension = *std::get<Extension*>(who);
  if (extension.state == State::init_error || extension.state == State::exit_error)
    return refuse("InvalidExtensionState", "State transition is not allowed");
  extension.state = State::ready;
  ++extension.asked;
  if (auto event = take(extension.id)) return std::move(*event);
  return Parked{extension.asked};
}

bool Extensions::newest(std::string_view id, Parked parked) {
  const auto* extension = find(id);
  return extension && extension->asked == parked.asked;
}

std::optional<std::string> Extensions::take(std::string_view id) {
  auto* extension = find(id);
  if (!extension || extension->state != State::ready || extension->waiting.empty()) return std::nullopt;
  auto event = std::move(extension->waiting.front());
  extension->waiting.pop_front();
  extension->state = State::running;
  return event;
}

std::optional<Refusal> Extensions::failed(std::optional<std::string_view> id, bool at_init,
                                          std::string_view error_type) {
  auto who = known(id);
  if (auto* refused = std::get_if<Refusal>(&who)) return std::move(*refused);
  if (error_type.empty()) return refuse("MissingHeader", "Lambda-Extension-Function-Error-Type not found");
  auto& extension = *std::get<Extension*>(who);
  if (at_init && extension.state != State::registered)
    return refuse("InvalidExtensionState", "State transition is not allowed");
  extension.state = at_init ? State::init_error : State::exit_error;
  extension.error_type = error_type;
  return std::nullopt;
}

void Extensions::expect(const std::vector<std::string>& names) {
  for (const auto& name : names) all_.push_back({.name = name, .external = true});
}

bool Extensions::registered() const {
  return std::ranges::none_of(all_, [](const Extension& e) { return e.state == State::launched; });
}

bool Extensions::settled() const {
  return std::ranges::all_of(all_,
                             [](const Extension& e) { return e.state == State::ready && e.waiting.empty(); });
}

const Extension* Extensions::broken() const {
  const auto at = std::ranges::find_if(
      all_, [](const Extension& e) { return e.state == State::init_error || e.state == State::exit_error; });
  return at == all_.end() ? nullptr : &*at;
}

bool Extensions::any_external() const { return std::ranges::any_of(all_, &Extension::external); }

void Extensions::invoke(const std::string& event) {
  for (auto& extension : all_)
    if (extension.wants("INVOKE")) extension.waiting.push_back(event);
}

bool Extensions::shut_down(const std::string& event) {
  bool any = false;
  for (auto& extension : all_)
    if (extension.wants("SHUTDOWN")) {
      extension.waiting.assign(1, event);  // what it has not asked for is over
      any = true;
    }
  return any;
}

std::string invoke_event(const Delivery& d) {
  const auto& i = d.invocation;
  nlohmann::ordered_json event{{"eventType", "INVOKE"},
                               {"deadlineMs", epoch_ms(d.deadline)},
                               {"requestId", i.request_id},
                               {"invokedFunctionArn", i.invoked_arn},
                               {"tracing", {{"type", "X-Amzn-Trace-Id"}, {"value", i.trace_id}}}};
  return json_text(event);
}

std::string shutdown_event(std::string_view reason, Time deadline) {
  return json_text(nlohmann::ordered_json{
      {"eventType", "SHUTDOWN"}, {"shutdownReason", reason}, {"deadlineMs", epoch_ms(deadline)}});
}
}  // namespace emu::runtime
