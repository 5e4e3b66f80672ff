// Any text as an expression of each kind: parsed or refused, and never more.
#include "emulator/services/dynamodb/expression/parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu::dynamodb;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto attempt = [&](auto parse, std::string_view kind) {
    try {
      parse(text, ExpressionVoice{{}, kind});
    } catch (const emu::AwsError&) {
    }
  };
  attempt(&expression::parse_condition, "ConditionExpression");
  attempt(&expression::parse_update, "UpdateExpression");
  attempt(&expression::parse_projection, "ProjectionExpression");
  return 0;
}
