#include "emulator/services/lambda/source.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
namespace {
AwsError no_object(std::string_view code, std::string_view message) {
  return invalid_parameter(
      fmt::format("Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}", code, message));
}

// Numbers of a zip's headers, little-endian.
class ZipWriter {
 public:
  ZipWriter& u16(std::size_t v) { return number(v, 2); }
  ZipWriter& u32(std::size_t v) { return number(v, 4); }
  ZipWriter& text(std::string_view v) {
    bytes_.append(v);
    return *this;
  }
  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  ZipWriter& number(std::size_t v, int count) {
    for (int i = 0; i < count; ++i) bytes_.push_back(static_cast<char>(v >> (8 * i)));
    return *this;
  }
  std::string bytes_;
};
}  // namespace

awaitable<Result<CodeLocation>> take_code(Lambda& lambda, CodeSource source) {
  if (source.ZipFile) {
    auto store = [&code = lambda.code, zip = std::move(source.ZipFile->bytes)] {
      return code.store_zip(zip);
    };
    co_return co_await lambda.loops.blocking(std::move(store));
  }
  if (!source.S3Bucket || !source.S3Key)
    co_return invalid_parameter("Please provide a source for function code.");
  if (*source.S3Bucket != kHotReloadBucket)  // there is no S3 here whose buckets could exist
    co_return no_object("NoSuchBucket", "The specified bucket does not exist");
  auto open = [&code = lambda.code, directory = std::filesystem::path(std::move(*source.S3Key))] {
    return code.hot_directory(directory);
  };
  auto location = co_await lambda.loops.blocking(std::move(open));
  // In use already: the functions that use a directory share one count of it.
  if (location && lambda.registry.uses(stored(*location))) lambda.code.forget(*location);
  co_return location;
}

StoredCode stored(const CodeLocation& location) {
  return {location.hot ? location.task_root.string() : "", location.sha256_base64, location.size_bytes,
          location.hot};
}

std::string inline_zip(std::string_view runtime, std::string_view text) {
  const std::string_view name = runtime.starts_with("python") ? "index.py" : "index.js";
  constexpr std::size_t kVersion = 20, kDate = 0x21,
                        kStored = 0;  // 1980-01-01: the same text, the same digest
  const auto common = [&](ZipWriter& out) {
    out.u16(kVersion).u16(0).u16(kStored).u16(0).u16(kDate).u32(crc32(text));
    out.u32(text.size()).u32(text.size()).u16(name.size()).u16(0);
  };
  ZipWriter out;
  common(out.text("PK\3\4"));
  out.text(name).text(text);
  const auto directory = out.size();
  common(out.text("PK\1\2").u16(3 << 8 | kVersion));  // made on Unix, so that the mode below counts
  out.u16(0).u16(0).u16(0).u32(0100644UL << 16).u32(0).text(name);
  const auto end = out.size();
  out.text("PK\5\6").u16(0).u16(0).u16(1).u16(1).u32(end - directory).u32(directory).u16(0);
  return out.take();
}
}  // namespace emu::lambda
