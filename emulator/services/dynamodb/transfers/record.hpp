// An export or import as it is on disk: Space::transfers, under its ARN.
#pragma once
#include "emulator/wire/json.hpp"

namespace emu::dynamodb {
struct TransferRecord {
  Json Request;      // as it was sent, for a repeated ClientToken
  Json Description;  // as it is described
};
BOOST_DESCRIBE_STRUCT(TransferRecord, (), (Request, Description))
}  // namespace emu::dynamodb
