// Any bytes as a Query form: refused with an AwsError, or read into a document that can be written as XML.
#include "emulator/wire/query.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  emu::http::Request request{"POST", "/", {}, std::string(reinterpret_cast<const char*>(data), size), ""};
  try {
    const auto input = emu::wire::read_query(request, [](emu::Json&, std::string_view) {});
    emu::wire::write_query("Fuzz", "ns", input, "id");
  } catch (const emu::AwsError&) {
  }
  return 0;
}
