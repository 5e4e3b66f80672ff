// Any text as a PartiQL statement: understood or refused, and never more.
#include "emulator/services/dynamodb/partiql/translate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  try {
    emu::dynamodb::partiql::statement_of({reinterpret_cast<const char*>(data), size});
  } catch (const emu::AwsError&) {
  }
  return 0;
}
