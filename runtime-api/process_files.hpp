// What /proc/<pid>/ tells of a process: its files, what it has started, what memory it holds. Used by
// process.cpp and sweep.cpp. A process may go at any moment; what it then tells is nothing.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime-api/process.hpp"

namespace emu::runtime {
Descriptor open_about(pid_t pid, std::string_view name);
// Appends the text of /proc/<pid>/<name>, as far as exec's limit on environments; false: it is gone, or not
// ours.
bool read_about(pid_t pid, std::string_view name, std::string& to);
// Tells mount namespaces apart; 0: not ours to see. `process` may be "self".
std::uint64_t mount_namespace(std::string_view process);

// What it has started, and that in turn. Orphans have another parent; the sweep finds them.
std::vector<pid_t> descendants(pid_t pid);
// In KB, without what it shares with others of the same program.
std::int64_t own_memory(pid_t pid);
// The same, with the n-th part of a page that n processes hold: the kernel looks at each page.
std::int64_t apportioned_memory(pid_t pid);
int tree_memory_mb(pid_t leader, std::int64_t (*measure)(pid_t));
}  // namespace emu::runtime
