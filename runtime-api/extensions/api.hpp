// The Extensions, Telemetry and Logs APIs of one environment over HTTP (spec-lambda B.1, B.2): the skin of
// Extensions and Telemetry. Part of the environment's ApiServer, on its loop.
#pragma once
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/base/waiters.hpp"
#include "emulator/http/message.hpp"
#include "runtime-api/extensions/courier.hpp"
#include "runtime-api/extensions/extensions.hpp"

namespace emu::runtime {
// Whom the APIs tell: the environment.
struct ExtensionNews {
  std::function<void()> changed;  // somebody moved to another state
  std::function<void(const Subscription& made)> subscribed;
};

class ExtensionApi {
 public:
  ExtensionApi(Clock& clock, Ids& ids, asio::any_io_executor loop, std::shared_ptr<const FunctionSpec> spec,
               ExtensionNews news);
  static bool claims(std::string_view path);
  awaitable<http::Response> serve(http::Request request);

  const Extensions& states() const { return extensions_; }
  bool telemetry_wanted(Telemetry::Kind kind) const { return telemetry_.wanted(kind); }
  void tell(Telemetry::Item item);  // to whom subscribed
  Courier& courier() { return courier_; }

  void expect(const std::vector<std::string>& names) { extensions_.expect(names); }
  void close_registration() { extensions_.close_registration(); }
  void close_subscriptions() { telemetry_.close(); }
  void invoke(const Delivery& delivery);
  bool shut_down(std::string_view reason, Time deadline);
  void restart();  // the processes are gone: their open requests end

 private:
  awaitable<http::Response> next(http::Request request);
  http::Response enter(const http::Request& request);
  http::Response failed(const http::Request& request, bool at_init);
  http::Response subscribe(TelemetryApi api, const http::Request& request);
  Clock& clock_;
  Ids& ids_;
  const asio::any_io_executor loop_;
  const std::shared_ptr<const FunctionSpec> spec_;
  const ExtensionNews news_;
  Extensions extensions_;
  Telemetry telemetry_;
  Courier courier_;
  int generation_ = 0;
  Waiters parked_;
};
}  // namespace emu::runtime
