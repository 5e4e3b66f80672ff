// Any JSON as a model and as a body (lines: model, body): told apart in bounded time and depth.
#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/validation/schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096));
  const auto line = std::min(text.find('\n'), text.size());
  const auto schema = emu::bounded_parse(text.substr(0, line)),
             body = emu::bounded_parse(text.substr(std::min(text.size(), line + 1)));
  if (schema.is_discarded() || body.is_discarded()) return 0;
  emu::gateway::misfit(body, schema, emu::Json{{"M", schema}, {"E", {{"$ref", "models/E"}}}});
  return 0;
}
