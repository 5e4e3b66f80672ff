#include "emulator/services/sqs/receipt_handle.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/row_bytes.hpp"

namespace emu::sqs {
namespace {
constexpr unsigned char kVersion = 1;
constexpr std::size_t kLength = 44;  // of the text: 33 bytes in base64
}  // namespace

std::string ReceiptHandle::text() const {
  RowWriter out(kVersion);
  for (const auto part : {queue, sequence, nonce}) out.u64(part);
  out.u64(crc32(out.bytes()));
  return base64_encode(out.take());
}

std::optional<ReceiptHandle> ReceiptHandle::parse(std::string_view text) {
  if (text.size() > kLength) return std::nullopt;
  const auto bytes = base64_decode(text);
  if (!bytes) return std::nullopt;
  RowReader in(*bytes, kVersion);
  ReceiptHandle out;
  out.queue = in.u64();
  out.sequence = in.u64();
  out.nonce = in.u64();
  const auto check = in.u64();
  if (!in.done() || check != crc32(std::string_view(*bytes).substr(0, bytes->size() - sizeof check)))
    return std::nullopt;
  return out;
}
}  // namespace emu::sqs
