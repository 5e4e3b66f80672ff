// Where the code of a CreateFunction or UpdateFunctionCode comes from: an uploaded zip, or a directory used
// in place, which is spelled S3Bucket "hot-reload" with the directory as S3Key, as users of local emulators
// know it.
#pragma once
#include "emulator/services/lambda/code.hpp"
#include "emulator/services/lambda/record.hpp"
#include "emulator/wire/json.hpp"

namespace emu::lambda {
class Lambda;

struct CodeSource {
  std::optional<wire::Blob> ZipFile;
  std::optional<std::string> S3Bucket, S3Key, S3ObjectVersion, ImageUri, SourceKMSKeyArn;
};
BOOST_DESCRIBE_STRUCT(CodeSource, (), (ZipFile, S3Bucket, S3Key, S3ObjectVersion, ImageUri, SourceKMSKeyArn))

inline constexpr std::string_view kHotReloadBucket = "hot-reload";

awaitable<Result<CodeLocation>> take_code(Lambda& lambda, CodeSource source);
StoredCode stored(const CodeLocation& location);
// The text of a template's Code.ZipFile as the zip that CloudFormation makes of it.
std::string inline_zip(std::string_view runtime, std::string_view text);
}  // namespace emu::lambda
