// What the scheduler has at this moment: execution environments and throttles. For GET /_emu/environments and
// so for `emu inspect environments`.
#pragma once
#include "emulator/app.hpp"
#include "runtime-api/boot_ahead.hpp"

namespace emu {
Json environments_of(App& app, const std::vector<runtime::BootAhead::Kind>& booted, Time now,
                     const std::string& isolation);
}  // namespace emu
