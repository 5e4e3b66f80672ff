#include "emulator/services/lambda/mappings/closing.hpp"

#include "emulator/services/lambda/payload.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kEnvelope = 512;  // {"Records":[]} and what a window adds to it, but its state
}  // namespace

bool Closing::add(std::size_t bytes, Time now) {
  if (full_) return false;
  if (count_ > 0 && bytes_ + bytes + 1 + kEnvelope > kSyncPayload) {
    full_ = true;
    return false;
  }
  if (count_++ == 0) until_ = now + window_;
  bytes_ += bytes + 1;
  full_ = count_ >= most_;
  return true;
}
}  // namespace emu::lambda
