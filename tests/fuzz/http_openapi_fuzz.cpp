// Any JSON or YAML as an OpenAPI document of an HTTP API: an API that can be exported, or a refusal.
#include "emulator/base/error.hpp"
#include "emulator/services/gateway/apis/openapi/openapi.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096));
  emu::gateway::ApiRecord record;
  int ids = 0;
  const auto new_id = [&](std::size_t) { return std::to_string(ids++); };
  try {
    emu::gateway::import_openapi(emu::gateway::read_openapi(text), emu::gateway::BasePath::split, record,
                                 new_id);
  } catch (const emu::AwsError&) {
    return 0;
  }
  emu::gateway::export_openapi(record.api, record.routes, record.integrations, *record.authorizers, {})
      .dump();
  return 0;
}
