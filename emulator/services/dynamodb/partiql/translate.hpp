// A PartiQL text as a Statement: parsed (parser.hpp), then translated. Throws what is not well formed; what
// DynamoDB does not do is kept in the statement, because AWS tells it after it looked at the table.
#pragma once
#include "emulator/services/dynamodb/partiql/statement.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb::partiql {
// The voice is that of every PartiQL error: no prefix of any kind (A6).
inline constexpr ExpressionVoice kVoice{{Layer::older}, ""};
expression::Parsed<Statement> statement_of(std::string_view text, const ExpressionVoice& voice = kVoice);
inline constexpr std::string_view kNoKey =
    "Where clause does not contain a mandatory equality on all key attributes";
}  // namespace emu::dynamodb::partiql
