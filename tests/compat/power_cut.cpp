// Loaded into the daemon by LD_PRELOAD (power_cut_test.py): after every fsync and fdatasync it adds a line
// "bytes path" to the file that EMU_SYNCS names: so much of that file a power cut cannot take any more.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace {
using Sync = int (*)(int);

int noting(Sync real, int fd) {
  static const int notes = std::getenv("EMU_SYNCS") ? ::open(std::getenv("EMU_SYNCS"),
                                                             O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
                                                    : -1;
  struct stat before{};  // what comes while the sync runs may or may not be covered
  const bool file = ::fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
  const int result = real(fd);
  if (result != 0 || !file || notes < 0) return result;
  char link[64], path[4096], line[4200];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto length = ::readlink(link, path, sizeof path - 1);
  if (length <= 0) return result;
  path[length] = '\0';
  const int size =
      std::snprintf(line, sizeof line, "%lld %s\n", static_cast<long long>(before.st_size), path);
  if (::write(notes, line, static_cast<std::size_t>(size)) != size) std::abort();
  return result;
}
}  // namespace

extern "C" int fsync(int fd) {
  static const auto real = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, "fsync"));
  return noting(real, fd);
}

extern "C" int fdatasync(int fd) {
  static const auto real = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, "fdatasync"));
  return noting(real, fd);
}
