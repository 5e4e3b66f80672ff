// The Runtime API of one environment over HTTP (spec-lambda A.1, A.2): a loopback port of its own, by which
// the environment is known. Belongs to process_sandbox.cpp; everything but stop() happens on the
// environment's loop.
#pragma once
#include "emulator/base/waiters.hpp"
#include "emulator/http/server.hpp"
#include "runtime-api/extensions/api.hpp"
#include "runtime-api/switchboard.hpp"

namespace emu::runtime {
inline constexpr std::size_t kMaxResponse = 6'291'556;        // 6 MiB and 100 bytes (spec-lambda 0)
inline constexpr std::size_t kMaxStream = 200 * 1024 * 1024;  // spec-lambda A.4
inline constexpr const char* kTruncatedResponse = "Runtime.TruncatedResponse";
class ResponseSink;

class ApiServer : public std::enable_shared_from_this<ApiServer> {
 public:
  // news.changed: called whenever a runtime or an extension moved to another state.
  ApiServer(Loops& loops, Clock& clock, Ids& ids, asio::any_io_executor loop,
            std::shared_ptr<const FunctionSpec> spec, ExtensionNews news);
  std::uint16_t listen();
  Mailbox& mailbox() { return mailbox_; }
  ExtensionApi& extensions() { return extensions_; }
  const std::string& credentials_token() const { return credentials_token_; }
  Switchboard& switchboard() { return switchboard_; }
  const ResponseTimes& times() const { return *times_; }  // of the one invocation that the mailbox knows
  void deliver(Delivery delivery);                        // to whoever waits in next
  void restart();                                         // the process is gone: its open requests end
  void stop();                                            // closes the port; from any thread

 private:
  static awaitable<http::Response> serve(std::shared_ptr<ApiServer> self, http::Request request);
  awaitable<http::Response> next();
  awaitable<http::Response> next_of_several(std::shared_ptr<http::Peer> peer);
  http::Response answer(std::string_view id, bool error, http::Request request);
  bool streams(const http::Request& head) const;
  awaitable<http::Response> stream(std::string id, http::Request request);
  awaitable<bool> pass_on(std::string_view id, http::IncomingBody& body, ResponseSink& sink,
                          ResponseTimes& times);
  http::Response init_error(http::Request request);
  http::Response restore_next();
  http::Response restore_error(http::Request request);
  http::Response other(const http::Request& request) const;
  std::optional<http::Response> cut_short(const http::Request& head);
  // Of one invocation at a time the mailbox knows; of several, the switchboard.
  bool several() const { return spec_->managed_instances(); }
  std::optional<Mailbox::Refusal> may_answer(std::string_view id, bool error) const;
  std::optional<Mailbox::Refusal> begin_stream(std::string_view id);
  std::optional<Mailbox::Refusal> accept(std::string_view id, bool error, Outcome outcome);
  std::shared_ptr<const Delivery> delivered(std::string_view id) const;
  bool streaming(std::string_view id) const;
  std::shared_ptr<ResponseTimes> begin_times(std::string_view id);

  Clock& clock_;
  Loops& loops_;
  const asio::any_io_executor loop_;
  const std::shared_ptr<const FunctionSpec> spec_;
  const std::function<void()> changed_;
  const std::string credentials_token_;
  Mailbox mailbox_;
  Switchboard switchboard_;
  ExtensionApi extensions_;
  std::shared_ptr<const ResponseTimes> times_ = std::make_shared<ResponseTimes>();
  int generation_ = 0;  // of processes
  Waiters parked_;
  std::optional<http::Server> server_;
};
}  // namespace emu::runtime
