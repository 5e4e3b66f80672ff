// Everything that a bundle's content depends on, and whether that is still as it was: the files bundled, the
// settings files that steer it (present or not), and the names beside the sources, because a new file can
// take the place of another in module resolution. Kept on disk with the bundle; used by Bundler alone.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace emu::lambda {
struct InputFile {
  std::string path;
  std::string sha256;           // hex; empty: there is no such file, and there must not be
  std::string stamp;            // inode, size, times: another stamp means to look at the content
  std::int64_t changed_ns = 0;  // by the file system's clock
};
BOOST_DESCRIBE_STRUCT(InputFile, (), (path, sha256, stamp, changed_ns))

struct InputListing {
  std::string path;
  std::string sha256;  // of the names that module resolution looks at
};
BOOST_DESCRIBE_STRUCT(InputListing, (), (path, sha256))

struct BundleInputs {
  std::int64_t recorded_ns = 0;  // a file system time before any content was read
  std::vector<InputFile> files;
  std::vector<InputListing> listings;
  // Nothing in it changed since recorded_ns.
  bool quiet() const;
  // As recorded, by looking again. Remembers new stamps of unchanged content; recorded_ns is then `now_ns`.
  bool still_true(std::int64_t now_ns);
  bool same_content(const BundleInputs& other) const;
};
BOOST_DESCRIBE_STRUCT(BundleInputs, (), (recorded_ns, files, listings))

// What a bundle of these source files under that root depends on, as it is now.
BundleInputs record_inputs(const std::filesystem::path& task_root,
                           const std::vector<std::filesystem::path>& sources, std::int64_t now_ns);

// When the file or directory was last changed, by the file system's clock; 0 if there is none.
std::int64_t changed_ns(const std::filesystem::path& path);
}  // namespace emu::lambda
