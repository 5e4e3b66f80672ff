#include "storage/engine.hpp"

namespace emu::storage {
Range prefix(BytesView bytes) {
  Bytes to(bytes);
  while (!to.empty() && to.back() == '\xff') to.pop_back();
  if (!to.empty()) to.back() = static_cast<char>(static_cast<unsigned char>(to.back()) + 1);
  return {Bytes(bytes), std::move(to)};
}

void each_slice(const Engine& engine, Range range, std::size_t most,
                const std::function<void(const std::vector<Row>&)>& visit) {
  for (std::vector<Row> rows;; rows.clear()) {
    engine.scan(range, [&](BytesView key, BytesView value) {
      rows.emplace_back(key, value);
      return rows.size() < most;
    });
    if (!rows.empty()) visit(rows);
    if (rows.size() < most) return;
    range.from = std::move(rows.back().first) + '\0';
  }
}

std::optional<Bytes> first_key(const Engine& engine, const Range& range) {
  std::optional<Bytes> out;
  engine.scan(range, [&](BytesView key, BytesView) {
    out = key;
    return false;
  });
  return out;
}
}  // namespace emu::storage
