#include "storage/key.hpp"

namespace emu::storage {
std::string take_text(BytesView& rest) {
  std::string out;
  std::size_t i = 0;
  for (; i + 1 < rest.size(); ++i) {
    if (rest[i] != 0) {
      out += rest[i];
    } else if (rest[i + 1] == '\xff') {
      out += rest[i++];
    } else {
      break;
    }
  }
  rest.remove_prefix(std::min(rest.size(), i + 2));
  return out;
}
}  // namespace emu::storage
