#include "emulator/services/gateway/door.hpp"

#include "emulator/services/gateway/responses/rest_error.hpp"

namespace emu::gateway {
awaitable<http::Response> Door::serve(http::Request request) {
  auto address = address_of(request);
  if (rest_.is_domain(request.headers.get("Host"))) {
    address = rest_.domains()->address_of(request);
    if (!address) co_return rest_error("INVALID_API_KEY");  // 403 Forbidden
  }
  if (address)
    if (auto api = rest_.serving(address->api_id))
      co_return co_await rest_plane_.serve(std::move(api), std::move(*address), std::move(request));
  co_return co_await http_.serve(std::move(address), std::move(request));
}
}  // namespace emu::gateway
