#include "emulator/api/operation.hpp"

namespace emu {
std::vector<Operation> joined(std::initializer_list<std::span<const Operation>> parts) {
  std::vector<Operation> out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}
}  // namespace emu
