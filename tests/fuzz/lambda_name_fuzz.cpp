// A name that is accepted must consist of parts of the text, in order, and be accepted again by itself.
#include <cstdlib>

#include "emulator/services/lambda/name.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu::lambda;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto shape : {NameShape::plain, NameShape::namespaced}) {
    const auto parts = split_name(text, shape);
    if (parts && (!text.contains(parts->name) || !split_name(parts->name, shape))) std::abort();
  }
  return 0;
}
