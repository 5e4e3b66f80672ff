#include "emulator/base/log.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>

#include "emulator/base/error.hpp"

namespace emu {
namespace {
std::atomic<bool> quiet = false;
void line(std::string_view level, std::string_view text) {
  const auto whole = fmt::format("emu: {}{}\n", level, text);
  std::fwrite(whole.data(), 1, whole.size(), stderr);
}
}  // namespace

void quiet_logs() { quiet = true; }
void log_info(std::string_view text) {
  if (!quiet) line("", text);
}
void log_warning(std::string_view text) {
  if (!quiet) line("warning: ", text);
}
void log_fault(std::string_view doing, std::string_view what) {
  line("fault: ", fmt::format("{}: {}", doing, what));
}

void log_caught(std::string_view doing) {
  try {
    throw;
  } catch (const AwsError& e) {
    log_fault(doing, e.message);
  } catch (const std::exception& e) {
    log_fault(doing, e.what());
  }
}
}  // namespace emu
