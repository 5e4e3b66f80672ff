// Functions whose code runs in place but whose handler's file is not there. Only a note: AWS deploys such a
// function too and fails its invocations, and the file may be written later. Used by project.cpp.
#pragma once
#include "emulator/source/node.hpp"

namespace emu::deploy {
Notes missing_handlers(const Node& stack_template);
}  // namespace emu::deploy
