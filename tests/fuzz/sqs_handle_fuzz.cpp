// Any text as a receipt handle, and any bytes as the rows of a message: told from the real ones, never read
// beyond.
#include <cstdlib>

#include "emulator/services/sqs/message.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/receipt_handle.hpp"

using namespace emu::sqs;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto handle = ReceiptHandle::parse(text); handle && handle->text() != text) std::abort();
  if (const auto message = decode_message(text);
      message && decode_message(encode_message(*message)) != message)
    std::abort();
  static_cast<void>(decode_state(text));
  static_cast<void>(decode_duplicate(text));
  return 0;
}
