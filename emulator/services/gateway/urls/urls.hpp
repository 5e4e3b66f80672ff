// Serves function URLs (spec-lambda D.4): finds whose URL a request is for, checks who calls, makes the event
// and turns the function's result, streamed or not, into the response. App asks claims() of every request.
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/http/message.hpp"
#include "runtime-api/function_urls.hpp"

namespace emu::gateway {
class Urls {
 public:
  Urls(Clock& clock, Ids& ids, runtime::FunctionUrls& functions)
      : clock_(clock), ids_(ids), functions_(functions) {}
  // http://{id}.lambda-url.{region}.localhost:PORT/, or /_aws/lambda-url/{id}/ where such a name does not
  // resolve.
  static bool claims(const http::Request& request);
  awaitable<http::Response> serve(http::Request request);

 private:
  awaitable<http::Response> answer(const runtime::FunctionUrl& url, const http::Request& request,
                                   std::string_view path);
  runtime::Invocation invocation(const runtime::FunctionUrl& url, const http::Request& request,
                                 std::string_view path, std::string_view account);
  Clock& clock_;
  Ids& ids_;
  runtime::FunctionUrls& functions_;
};
}  // namespace emu::gateway
