// Who may reach the control APIs from a browser (docs/decisions/0022): a page of another site may not, and no
// name that somebody else's DNS points here (rebinding). Used by dispatch and the admin interface; what APIs
// and function URLs serve is for everybody.
#pragma once
#include <optional>

#include "emulator/http/message.hpp"

namespace emu {
// A response where the request is to be turned away: 403, in plain words. Cheap for clients that are none of
// a browser: they send neither Origin nor Sec-Fetch-Site, and a Host that is a number or ours.
std::optional<http::Response> turn_away_foreign(const http::Request& request);

// Whether a Host is a number, a name without a dot, localhost or below it, or a name that tools make of an
// endpoint: nobody else's DNS can point such a name here.
bool is_own_host(std::string_view host);
// Whether clients may reach the AWS APIs themselves by this name, so that it cannot be a custom domain's.
bool is_endpoint_name(std::string_view host);
// Whether a page's host is this machine itself.
bool is_own_page(std::string_view host);
}  // namespace emu
