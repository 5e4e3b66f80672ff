#include "emulator/services/lambda/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <locale.h>
#include <unistd.h>

#include <memory>
#include <utility>
#include <vector>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
// libarchive decodes names into the thread's locale and loses what the C locale cannot spell.
class Utf8Names {
 public:
  Utf8Names() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(locale_)) {}
  ~Utf8Names() {
    uselocale(before_);
    if (locale_) freelocale(locale_);
  }
  Utf8Names(const Utf8Names&) = delete;

 private:
  locale_t locale_, before_;
};

// What is wrong with an archive. AWS has one text for all of it; ours goes to the daemon's log.
AwsError bad_zip(std::string_view why) {
  log_warning(fmt::format("a code archive is refused: {}", why));
  return invalid_parameter(
      "Could not unzip uploaded file. Please check your file, then try to upload again.");
}

AwsError too_much(std::int64_t limit) {
  return invalid_parameter(fmt::format("Unzipped size must be smaller than {} bytes", limit));
}

bool stays_inside(const fs::path& name) {
  if (name.empty() || name.is_absolute()) return false;
  for (const auto& part : name)
    if (part == "..") return false;
  return true;
}

class Unzipper {
 public:
  Unzipper(fs::path into, ArchiveLimits limits) : into_(std::move(into)), limits_(limits) {}

  Result<std::int64_t> run(std::string_view zip) {
    // The seekable reader alone: it goes by the central directory, where the file modes are.
    archive_read_support_format_zip_seekable(in_.get());
    if (archive_read_open_memory(in_.get(), zip.data(), zip.size()) != ARCHIVE_OK) return bad_zip(problem());
    archive_entry* entry = nullptr;
    for (;;) {
      const int next = archive_read_next_header(in_.get(), &entry);
      if (next == ARCHIVE_EOF) break;
      if (next != ARCHIVE_OK && next != ARCHIVE_WARN) return bad_zip(problem());
      if (++made_ > limits_.entries) return bad_zip("too many entries");
      if (auto done = one(entry); !done) return done.error();
    }
    if (auto done = make_links(); !done) return done.error();
    return written_;
  }

 private:
  Result<Done> one(archive_entry* entry) {
    const char* name = archive_entry_pathname(entry);
    if (!name) return bad_zip("an entry without a readable name");
    const fs::path relative = fs::path(name).lexically_normal();
    if (!stays_inside(name)) return bad_zip(fmt::format("the entry {} leads outside", name));
    const fs::path path = into_ / relative;
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR:
        return directory(path);
      case AE_IFREG:
        break;
      case AE_IFLNK: {
        const char* target = archive_entry_symlink(entry);
        links_.emplace_back(path, target ? target : "");
        return Done{};
      }
      default:
        return bad_zip(fmt::format("the entry {} is neither file, directory nor link", name));
    }
    if (auto made = directory(path.parent_path()); !made) return made;
    return file(path, archive_entry_perm(entry));
  }

  // Counts what it makes, so that names thousands of levels deep do not multiply the entries.
  Result<Done> directory(const fs::path& path) {
    std::error_code e;
    if (fs::is_directory(path, e)) return Done{};
    if (auto parent = directory(path.parent_path()); !parent) return parent;
    if (++made_ > limits_.entries) return bad_zip("too many directories");
    fs::create_directory(path, e);
    if (e) return bad_zip(fmt::format("{}: {}", path.string(), e.message()));
    return Done{};
  }

  // No link exists yet, so nothing is followed; O_NOFOLLOW says so to the reader and the kernel.
  Result<Done> file(const fs::path& path, unsigned mode) {
    const unsigned kept = (mode == 0 ? 0644 : mode & 0777) | 0600;
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kept);
    if (fd < 0) return bad_zip(fmt::format("{}: {}", path.string(), std::generic_category().message(errno)));
    fchmod(fd, kept);  // the mode of open() is cut by the umask
    auto done = contents(fd);
    close(fd);
    return done;
  }

  Result<Done> contents(int fd) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    for (;;) {
      const int got = archive_read_data_block(in_.get(), &bytes, &size, &offset);
      if (got == ARCHIVE_EOF) return Done{};
      if (got != ARCHIVE_OK) return bad_zip(problem());
      // Checked as it comes: the sizes that an archive declares may be lies.
      written_ += static_cast<std::int64_t>(size);
      if (written_ >= limits_.unzipped_bytes) return too_much(limits_.unzipped_bytes);
      if (pwrite(fd, bytes, size, offset) != static_cast<ssize_t>(size))
        throw std::system_error(errno, std::generic_category(), "unpacking a code archive");
    }
  }

  // Links come last and may lead anywhere inside, also through one another, but not out.
  Result<Done> make_links() {
    std::error_code e;
    for (const auto& [path, target] : links_) {
      if (auto made = directory(path.parent_path()); !made) return made;
      fs::create_symlink(target, path, e);
      if (e) return bad_zip(fmt::format("the link {}: {}", path.string(), e.message()));
    }
    const auto root = fs::canonical(into_);
    for (const auto& [path, target] : links_) {
      const auto end = fs::weakly_canonical(path.parent_path() / target, e);
      if (e || target.is_absolute() || !stays_inside(end.lexically_relative(root)))
        return bad_zip(fmt::format("the link {} to {} leads outside", path.string(), target.string()));
    }
    return Done{};
  }

  std::string problem() const {
    const char* text = archive_error_string(in_.get());
    return text ? text : "unreadable";
  }

  const fs::path into_;
  const ArchiveLimits limits_;
  const std::unique_ptr<archive, int (*)(archive*)> in_{archive_read_new(), archive_read_free};
  std::vector<std::pair<fs::path, fs::path>> links_;
  std::int64_t written_ = 0;
  std::int64_t made_ = 0;
};
}  // namespace

Result<std::int64_t> unzip(std::string_view zip, const fs::path& into, ArchiveLimits limits) {
  // A zip of nothing is its end record alone, which libarchive takes for damage.
  if (zip.empty() || zip.starts_with("PK\5\6"))
    return invalid_parameter("Uploaded file must be a non-empty zip");
  if (static_cast<std::int64_t>(zip.size()) > limits.zipped_bytes)
    return user_error("RequestEntityTooLargeException",
                      fmt::format("Zipped size must be smaller than {} bytes", limits.zipped_bytes), 413);
  Utf8Names utf8;
  return Unzipper(into, limits).run(zip);
}
}  // namespace emu::lambda
