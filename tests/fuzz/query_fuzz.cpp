// Any bytes as a Query form of a service with names of its own: refused with an AwsError, or read into a
// document that can be written as a reply.
#include "emulator/wire/query.hpp"
#include "emulator/wire/query_reply.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu;
  static constexpr wire::QueryName kNames[] = {
      {"Name", "Names"}, {"Attribute", "Attributes", "Name", "Value"}, {"Entry", "Entries"}};
  const http::Request request{"POST", "/", {}, std::string(reinterpret_cast<const char*>(data), size), ""};
  const wire::QueryReply reply{{kNames, "Fuzz"}, "ns", "id"};
  try {
    const auto input = wire::read_query(request, reply.names, [](Json&, std::string_view) {});
    wire::write_query(reply, input);
    Json::parse(wire::write_query_json(reply, input).body);
  } catch (const AwsError&) {
  }
  return 0;
}
