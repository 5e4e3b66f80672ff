#include "emulator/own_certificate.hpp"

#include <fcntl.h>
#include <unistd.h>

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

// Beside and then moved: a daemon that dies meanwhile leaves no half of it. Nobody reads it in between.
void write(const fs::path& file, const std::string& text, mode_t may) {
  auto beside = file;
  beside += ".new";
  fs::remove(beside);
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, may);
  const bool done = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!done) throw std::runtime_error("cannot write " + beside.string());
  fs::rename(beside, file);
}
}  // namespace

KeyedCertificate OwnCertificate::get() {
  return known_.with([&](std::optional<KeyedCertificate>& known) {
    if (known) return *known;
    const auto key_file = directory_ / "key.pem";
    KeyedCertificate kept{read(file()), read(key_file)};
    const auto facts = facts_of(kept.certificate);
    const bool good = facts && facts->until > clock_.now() + kLeft && belong_together(kept);
    if (good) return *(known = std::move(kept));
    const auto from = clock_.now() - days(1);  // clocks of containers and their hosts differ
    auto made = self_signed({"emu on this machine", "serverAuth", kNames}, from, from + kGood);
    fs::create_directories(directory_);
    write(key_file, made.key, 0600);
    write(file(), made.certificate, 0644);
    return *(known = std::move(made));
  });
}
}  // namespace emu
