// What a request to create or update an event source mapping may say (spec-lambda G.1 to G.3), and a mapping
// made of it. Pure; errors are AWS's.
#pragma once
#include "emulator/api/context.hpp"
#include "emulator/services/lambda/mappings/inputs.hpp"

namespace emu::lambda {
enum class SourceKind { queue, fifo_queue, stream };

// Throws for what no kind of source takes.
void check_ranges(const CreateMappingInput& in);
void check_ranges(const UpdateMappingInput& in);
// Puts what was given into the mapping and judges the whole for its kind; throws.
void apply(const CreateMappingInput& in, SourceKind kind, Mapping& mapping);
void apply(const UpdateMappingInput& in, SourceKind kind, Mapping& mapping);
}  // namespace emu::lambda
