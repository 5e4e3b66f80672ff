// The hand-written parser of PartiQL as DynamoDB takes it (spec-dynamodb C10). Throws AWS's texts for what is
// not well formed; what is well formed and not done is told by translate.hpp.
//
//   select  := SELECT ( * | path,… ) FROM source [WHERE expr] [ORDER BY path [ASC | DESC],…]
//   insert  := INSERT INTO path VALUE expr
//   update  := UPDATE path action+ [WHERE expr] [returning]  |  FROM source [WHERE expr] action+ [returning]
//   action  := SET path = expr,… | REMOVE path,…
//   delete  := DELETE FROM path [WHERE expr] [RETURNING ALL OLD *]
//   exists  := EXISTS '(' select ')'
//   returning := RETURNING ( ALL | MODIFIED ) ( OLD | NEW ) *
#pragma once
#include "emulator/services/dynamodb/partiql/tree.hpp"

namespace emu::dynamodb::partiql {
StatementTree parse(std::string_view text);
}  // namespace emu::dynamodb::partiql
