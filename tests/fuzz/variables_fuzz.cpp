// The text of variables, alone and in a small document whose values refer to each other.
#include "emulator/deploy/variables/variable_syntax.hpp"
#include "emulator/deploy/variables/variables.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace emu;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    deploy::parse_variables(text, {"f.yml", 1});
  } catch (const Problems&) {
  }
  const auto half = text.size() / 2;
  const Node document(Json{{"a", text}, {"b", {text.substr(0, half), text.substr(half)}}, {"c", {{"d", 1}}}});
  try {
    deploy::resolve_variables(document, {.directory = "/nonexistent", .environment = {{"A", text}}});
  } catch (const Problems&) {
  }
  return 0;
}
