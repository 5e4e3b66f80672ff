#include "storage/engine.hpp"

namespace emu::storage {
Range prefix(BytesView bytes) {
  Bytes to(bytes);
  while (!to.empty() && to.back() == '\xff') to.pop_back();
  if (!to.empty()) to.back() = static_cast<char>(static_cast<unsigned char>(to.back()) + 1);
  return {Bytes(bytes), std::move(to)};
}
}  // namespace emu::storage
