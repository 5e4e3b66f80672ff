// Whether a JSON document fits a model: JSON Schema, draft 4, as far as models use it (spec-gateway 17).
// Pure; bounded in depth and in how long it takes. $ref names another model of the API, or a place in the
// schema itself.
#pragma once
#include "emulator/base/json.hpp"

namespace emu::gateway {
// Throws BadRequestException for a pattern that can match nothing (patterns.hpp), when a model is kept. The
// schema was parsed with bounded depth.
void check_patterns(const Json& schema);
// The first thing that does not fit, as $context.error.validationErrorString tells it; empty: all fits.
std::string misfit(const Json& document, const Json& schema, const Json& models);
}  // namespace emu::gateway
