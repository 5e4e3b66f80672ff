// serverless.yml and CloudFormation templates are whatever a user, or a client, hands us.
#include "emulator/deploy/serverless/serverless_yml.hpp"
#include "emulator/deploy/templates/template.hpp"
#include "emulator/source/source.hpp"

namespace {
template <class F>
void attempt(F f) {
  try {
    f();
  } catch (const emu::Problems&) {
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace emu;
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] { parse_json(text, "f.json"); });
  attempt([&] { deploy::compile_serverless(parse_yaml(text, "f.yml"), {.directory = "/nonexistent"}); });
  attempt([&] {
    const deploy::Template wanted(parse_yaml(text, "f.yml"), {"000000000000", "us-east-1", "s", "arn:s"}, {});
    const auto lookup = [](const std::string& id, const std::string&) { return std::optional<Json>(id); };
    const auto imports = [](const std::string& name) { return std::optional<std::string>(name); };
    for (const auto& resource : wanted.resources()) wanted.resolve(resource.properties, lookup, imports);
    wanted.outputs(lookup, imports);
  });
  return 0;
}
