// The certificate that the daemon's port speaks TLS with: made when it is first wanted, kept in the data
// directory, so that clients need to be told of it once (docs/decisions/0024). From any thread.
#pragma once
#include <filesystem>

#include "emulator/base/certificate.hpp"
#include "emulator/base/guarded.hpp"

namespace emu {
class OwnCertificate {
 public:
  OwnCertificate(std::filesystem::path directory, Clock& clock)
      : directory_(std::move(directory)), clock_(clock) {}
  // As it is kept, or a new one if there is none, or not for long. Throws if it cannot be kept.
  KeyedCertificate get();
  std::filesystem::path file() const { return directory_ / "certificate.pem"; }

 private:
  const std::filesystem::path directory_;
  Clock& clock_;
  Guarded<std::optional<KeyedCertificate>> known_;
};
}  // namespace emu
