#include "emulator/base/code_pages.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace emu {
namespace {
// Code and constants only: a writable segment, though it may be read-only by now, holds what the loader
// changed.
int give_back(dl_phdr_info* object, std::size_t, void* page_size) {
  const auto page = *static_cast<std::uintptr_t*>(page_size);
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = object->dlpi_addr + segment.p_vaddr, end = begin + segment.p_memsz;
    const auto from = (begin + page - 1) / page * page, to = end / page * page;
    if (from < to) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
  return 0;
}
}  // namespace

void give_back_code_pages() {
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  ::dl_iterate_phdr(give_back, &page);
}
}  // namespace emu
