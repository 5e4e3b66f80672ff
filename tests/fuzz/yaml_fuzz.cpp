// serverless.yml and CloudFormation templates are whatever a user, or a client, hands us.
#include "emulator/deploy/source.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    emu::deploy::parse_yaml(text, "f.yml").json();
  } catch (const emu::deploy::Problems&) {
  }
  try {
    emu::deploy::parse_json(text, "f.json").json();
  } catch (const emu::deploy::Problems&) {
  }
  return 0;
}
