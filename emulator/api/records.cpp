#include "emulator/api/records.hpp"

namespace emu {
// Here, so that not every file that keeps a row compiles a reader of CBOR.
storage::Bytes to_cbor(const Json& json) {
  const auto bytes = Json::to_cbor(json);
  return {bytes.begin(), bytes.end()};
}

Json from_cbor(storage::BytesView bytes) { return Json::from_cbor(bytes.begin(), bytes.end()); }
}  // namespace emu
