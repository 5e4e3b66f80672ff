// Function URLs as whoever serves them sees them (spec-lambda D.4): which function, for whom, and how it
// answers. Implemented by the lambda service, used by the gateway.
#pragma once
#include <vector>

#include "emulator/base/error.hpp"
#include "runtime-api/response_stream.hpp"

namespace emu::runtime {
struct FunctionUrl {
  struct Cors {
    bool credentials = false;
    std::vector<std::string> headers, methods, origins, exposed;
    std::optional<int> max_age;
  };
  std::string id, arn;  // of the function, with the alias that the URL is for
  std::string account;  // that it belongs to
  bool iam = false;     // for signed requests only
  bool streams = false;
  std::optional<Cors> cors;
};

class FunctionUrls {
 public:
  virtual ~FunctionUrls() = default;
  virtual std::optional<FunctionUrl> find_url(std::string_view id) = 0;
  // Whether the function's policy and the URL's settings let this account call; empty: an unsigned request.
  virtual bool may_call(const FunctionUrl& url, std::string_view account) = 0;
  // Invokes, and returns when the function streams or has ended. The error is what Invoke would answer.
  virtual awaitable<Result<std::shared_ptr<ResponsePipe>>> call_url(FunctionUrl url,
                                                                    Invocation invocation) = 0;
};
}  // namespace emu::runtime
