// What holds for a request to either kind of API before it is routed (spec-gateway 2, 12.2), and what events
// say of how it came.
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/services/gateway/routing/address.hpp"

namespace emu::gateway {
inline constexpr std::size_t kMaxBody = 10 * 1024 * 1024;
inline constexpr std::size_t kMaxHeaders = 10240;  // request line included
bool headers_too_large(const http::Request& request);
// The Host, or what it would be.
std::string domain_of(std::string_view api_id, const Address& address, const http::Request& request);
// The client's trace, or a new one.
std::string trace_of(const http::Request& request, Time now, Ids& ids);
}  // namespace emu::gateway
