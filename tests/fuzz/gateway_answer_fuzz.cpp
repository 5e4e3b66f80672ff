// Whatever a function returns becomes a response that cannot break out of its headers.
#include <cstdlib>

#include "emulator/services/gateway/responses/answer.hpp"

namespace {
void check(const emu::http::Response& response) {
  if (response.status < 200 || response.status > 599) std::abort();
  for (const auto& header : response.headers)
    for (const auto* text : {&header.name, &header.value})
      if (text->find_first_of("\r\n") != std::string::npos || text->find('\0') != std::string::npos)
        std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu::gateway;
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(answer_v2(text));
  check(answer_v1(text));
  check(answer_url(text));
  for (const bool decode : {false, true})
    if (const auto response = answer_rest(text, decode)) check(*response);
  if (const auto head = streamed_head(text)) check(*head);
  return 0;
}
