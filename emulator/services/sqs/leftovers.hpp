// The rows of messages whose queue is gone: a crash came between the deletion of the queue and theirs. The
// next start erases them, `emu verify` counts them.
#pragma once
#include <set>

#include "storage/engine.hpp"

namespace emu::sqs {
std::vector<storage::Range> leftovers(const storage::Engine& disk, const std::set<std::uint64_t>& known);
}  // namespace emu::sqs
