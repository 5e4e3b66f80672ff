// What tests of deploy share: the golden files beside them, and what a refusal prints.
#pragma once
#include <stdexcept>

#include "emulator/source/problem.hpp"
#include "tests/support/folder.hpp"

namespace emu::test {
inline std::string golden(const std::string& name) {
  auto text = read_file(std::filesystem::path(EMU_SOURCE_DIR) / "tests/deploy/serverless" / name);
  return text ? std::move(*text) : throw std::runtime_error("no golden file " + name);
}

// The lines a Problems prints, or "" if nothing was thrown.
template <class F>
std::string refused(F f) {
  try {
    f();
  } catch (const Problems& p) {
    return p.what();
  }
  return "";
}
}  // namespace emu::test
