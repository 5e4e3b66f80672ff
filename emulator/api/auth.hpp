// Who signed a request, for which service and region: SigV4 as header, presigned query or none. Any
// credentials are accepted; the signature is not verified.
#pragma once
#include <string>

#include "emulator/http/message.hpp"

namespace emu {
struct Signed {
  std::string access_key, region, service;  // empty when unsigned
};
Signed signed_by(const http::Request& request);

// The account an access key stands for: the key itself when it is 12 digits, else the default account.
std::string account_of(std::string_view access_key);
}  // namespace emu
