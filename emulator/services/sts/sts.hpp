// Security Token Service: tells a client which account it is in. Every credential is accepted; its account is
// the key id when that has 12 digits (api/auth.hpp). Stateless.
#pragma once
#include "emulator/api/service.hpp"

namespace emu::sts {
class Sts final : public Service {
 public:
  std::string_view name() const override { return "sts"; }
  Protocol protocol() const override { return Protocol::query; }
  std::string_view xml_namespace() const override { return "https://sts.amazonaws.com/doc/2011-06-15/"; }
  std::span<const Operation> operations() const override;
};
}  // namespace emu::sts
