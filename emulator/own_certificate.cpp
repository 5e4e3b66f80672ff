#include "emulator/own_certificate.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace emu {
namespace fs = std::filesystem;
namespace {
using std::chrono::days;
constexpr auto kGood = days(825);  // longer ones Apple's systems refuse
constexpr auto kLeft = days(30);
// Every name that the port answers to on this machine. A '*' is one label, and needs two behind it.
constexpr std::string_view kNames[] = {"DNS:localhost",
                                       "DNS:*.execute-api.localhost",
                                       "DNS:localhost.localstack.cloud",
                                       "DNS:*.localhost.localstack.cloud",
                                       "DNS:*.us-east-1.localhost.localstack.cloud",
                                       "DNS:*.execute-api.localhost.localstack.cloud",
                                       "DNS:*.lambda-url.us-east-1.localhost.localstack.cloud",
                                       "DNS:host.docker.internal",
                                       "IP:127.0.0.1",
                                       "IP:::1"};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

// Beside and then moved: a daemon that dies meanwhile leaves no half of it.
void write(const fs::path& file, const std::string& text, fs::perms may) {
  auto beside = file;
  beside += ".new";
  {
    std::ofstream(beside, std::ios::binary | std::ios::trunc).flush();
  }
  fs::permissions(beside, may);
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  if (!(out << text << std::flush)) throw std::runtime_error("cannot write " + beside.string());
  out.close();
  fs::rename(beside, file);
}
}  // namespace

KeyedCertificate OwnCertificate::get() {
  return known_.with([&](std::optional<KeyedCertificate>& known) {
    if (known) return *known;
    const auto key_file = directory_ / "key.pem";
    KeyedCertificate kept{read(file()), read(key_file)};
    const auto facts = facts_of(kept.certificate);
    if (facts && facts->until > clock_.now() + kLeft && !kept.key.empty()) return *(known = std::move(kept));
    const auto from = clock_.now() - days(1);  // clocks of containers and their hosts differ
    auto made = self_signed(kNames, from, from + kGood);
    fs::create_directories(directory_);
    write(key_file, made.key, fs::perms::owner_read | fs::perms::owner_write);
    write(file(), made.certificate,
          fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read);
    return *(known = std::move(made));
  });
}
}  // namespace emu
