#include "emulator/services/sqs/core/groups.hpp"

#include "emulator/base/digest.hpp"

namespace emu::sqs {
Digest digest_of(std::string_view id) {
  Digest out = kNoDigest;
  if (id.empty()) return out;
  const auto bytes = md5(id);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out[i / 8] = out[i / 8] << 8 | static_cast<unsigned char>(bytes[i]);
  return out;
}

Slot Groups::join(const Digest& name) {
  if (name == kNoDigest) return kNone;
  auto [it, added] = by_name_.try_emplace(name, kNone);
  if (added) it->second = groups_.take({name});
  ++groups_[it->second].members;
  return it->second;
}

void Groups::leave(Slot group) {
  if (group == kNone || --groups_[group].members > 0) return;
  by_name_.erase(groups_[group].name);
  groups_.give_back(group);
  if (by_name_.empty()) by_name_ = {};
}
}  // namespace emu::sqs
