// Any text as a trace header: the visits in it are counted, one more is added, and never less than that.
#include "emulator/services/lambda/lineage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view trace(reinterpret_cast<const char*>(data), size);
  const auto before = emu::lambda::visits(trace, "arn:f");
  const auto after = emu::lambda::visits(emu::lambda::visited(trace, "arn:f"), "arn:f");
  if (after < 1 || (before < emu::lambda::kMostVisits && trace.size() < 1000 && after <= before))
    __builtin_trap();
  return 0;
}
