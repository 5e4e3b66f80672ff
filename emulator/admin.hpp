// The daemon's own pages under /_emu/: health, what is deployed, code archives, shutdown. For the command
// line, CI scripts and GetFunction's download links; refused to web pages of other origins.
#pragma once
#include <functional>

#include "emulator/api/service.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/http/server.hpp"

namespace emu {
struct OwnTls {
  std::string certificate, file;
};
struct AdminPages {
  std::function<awaitable<Json>()> overview;                         // GET /_emu/status
  std::function<std::optional<std::string>(std::string_view)> code;  // GET /_emu/code/{sha256}
  std::function<Json()> environments;                                // GET /_emu/environments
  std::function<void()> shutdown;                                    // POST /_emu/shutdown
  std::function<OwnTls()> certificate;                               // GET /_emu/certificate
};

class Admin {
 public:
  Admin(std::span<Service* const> services, AdminPages pages)
      : services_(services), pages_(std::move(pages)) {}
  static bool claims(const http::Request& request) { return request.target.starts_with("/_emu/"); }
  awaitable<http::Response> serve(http::Request request) const;

 private:
  std::span<Service* const> services_;
  AdminPages pages_;
};
}  // namespace emu
