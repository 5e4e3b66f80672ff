// Any bytes as a mapping template over a body: text or a TemplateError, in bounded time and depth.
#include "emulator/services/gateway/templates/lenient.hpp"
#include "emulator/services/gateway/templates/template.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096));
  const auto line = std::min(text.find('\n'), text.size());
  emu::gateway::TemplateInput input;
  input.body = text.substr(0, line);
  input.context = {{"a", {{"b", {1, 2}}}}};
  try {
    emu::gateway::render(text.substr(std::min(text.size(), line + 1)), input);
  } catch (const emu::gateway::TemplateError&) {
  }
  emu::gateway::lenient_object(text);
  return 0;
}
