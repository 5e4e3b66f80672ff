// Whatever a caller sends as its trace, the function is handed exactly one root, one parent and one decision.
#include <cstdlib>

#include "runtime-api/trace_id.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static emu::Ids ids(1);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto trace = emu::runtime::continue_trace(text, ids, {});
  if (!trace.starts_with("Root=") || !trace.contains(";Parent=") || !trace.contains(";Sampled="))
    std::abort();
  return 0;
}
