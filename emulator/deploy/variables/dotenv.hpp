// .env files, read where a configuration says `useDotenv: true`. Used by variables.
#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace emu::deploy {
// Adds what `.env.{stage}`, or else `.env`, sets and the environment does not set already.
void read_dotenv(const std::filesystem::path& directory, const std::string& stage,
                 std::map<std::string, std::string>& environment);
}  // namespace emu::deploy
