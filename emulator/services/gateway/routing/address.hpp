// Where a request is addressed: which API, and what of its path belongs to the API. Pure text, no state;
// asked of every request to the daemon, so it allocates nothing unless the request is for an API.
#pragma once
#include <optional>
#include <string>

#include "emulator/http/message.hpp"

namespace emu::gateway {
struct Address {
  std::string api_id;
  std::string path;      // decoded, begins with '/'; the first segment may name a stage
  std::string raw_path;  // the same, percent-encoded as sent
  // Whether the client spelt out the stage, as `/restapis/{api}/{stage}/_user_request_/…` does: then there is
  // no falling back to $default.
  bool stage_is_explicit = false;
  bool by_host = false;
  // By a custom domain: what of the path named the API there, "/v1"; raw_path has the mapping's stage
  // instead.
  std::optional<std::string> base = {};
  bool default_stage =
      false;  // by a custom domain: its mapping is to $default, whatever the path begins with
};

// As the client sent it; decoded it is the path, which a '?' ends.
void set_path(Address& address, std::string_view raw);

// True if address_of would find an API in Host or path. Cheap.
bool addresses_api(const http::Request& request);
std::optional<Address> address_of(const http::Request& request);
}  // namespace emu::gateway
