// What both payload formats share.
#pragma once
#include <cctype>

#include "emulator/services/gateway/events/event.hpp"
#include "emulator/services/gateway/events/event_rest.hpp"
#include "emulator/services/gateway/events/object_text.hpp"

namespace emu::gateway {
// The headers as the function sees them: without those between two hops, with those the gateway adds. Names
// as sent; `visit(name, value)`.
template <class F>
void each_header(const EventSource& source, F visit);

bool between_hops(std::string_view header_name);
bool removed_by_rest(std::string_view header_name);  // what REST APIs take off, too (spec-gateway 2)
std::string forwarded_for(const http::Request& request);
std::string log_time(Time t);  // "14/Apr/2025:22:13:56 +0000"

using Many = std::map<std::string, Strings>;
// `single` with the last value of each name, `multi` with all; both null when there are none.
void write_many(ObjectText& event, std::string_view single, std::string_view multi, const Many& many);
// requestContext.identity; with_amr: payload format 1.0 has one member more.
void write_identity(ObjectText& context, const http::Request& request, const Identity& identity,
                    bool with_amr);

void write_map(std::string& out, const StringMap& map);
void write_parameters(std::string& out, const RouteTable::PathParameters& parameters);
// The members body (unless empty) and isBase64Encoded. To a function URL forms are text too (spec-lambda
// D.4).
void write_body(ObjectText& event, const http::Request& request, bool forms_are_text = false);

template <class F>
void each_header(const EventSource& source, F visit) {
  for (const auto& header : source.request.headers) {
    if (between_hops(header.name)) continue;
    visit(header.name, header.value);
  }
  visit("content-length", std::to_string(source.request.body.size()));
  visit("x-amzn-trace-id", source.trace_id);
  visit("x-forwarded-for", forwarded_for(source.request));
  // Clients of AWS always come over TLS, and functions redirect those that do not.
  visit("x-forwarded-port", "443");
  visit("x-forwarded-proto", "https");
}
}  // namespace emu::gateway
