// What the scheduler has at this moment: execution environments and throttles. For GET /_emu/environments and
// so for `emu inspect environments`.
#pragma once
#include "emulator/app.hpp"

namespace emu {
Json environments_of(App& app, Time now);
}  // namespace emu
