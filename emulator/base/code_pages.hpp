// Gives back the memory of code that has run for the last time in a while. `emu up` calls it when it has
// started, and when it has nothing more to do: either runs through much of the binary, of which an idle
// daemon needs little. What is needed again comes from the kernel's page cache, 64 KB at a time.
#pragma once

namespace emu {
void give_back_code_pages();
}  // namespace emu
