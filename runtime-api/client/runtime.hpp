// The runtime library for functions written in C++ (provided.al2, provided.al2023): link emu_runtime_client,
// call run_handler() from main(), name the program `bootstrap`. Names and members are those of
// awslabs/aws-lambda-cpp, hence the namespace and its spelling: the source of a function that runs here
// builds against that library for AWS, with only the #include changed.
#pragma once
#include <chrono>
#include <functional>
#include <string>

namespace aws::lambda_runtime {
struct invocation_request {
  std::string payload;  // the event, as it was sent
  std::string request_id;
  std::string xray_trace_id;
  std::string client_context;    // JSON, or empty
  std::string cognito_identity;  // JSON, or empty
  std::string function_arn;      // as invoked: with the alias or version, if one was named
  std::chrono::time_point<std::chrono::system_clock> deadline;

  // Until the platform ends this invocation; negative once it is late.
  std::chrono::milliseconds get_time_remaining() const;
};

class invocation_response {
 public:
  static invocation_response success(const std::string& payload, const std::string& content_type);
  // The caller gets {"errorMessage": …, "errorType": …, "stackTrace": []}.
  static invocation_response failure(const std::string& error_message, const std::string& error_type);

  const std::string& get_payload() const { return payload_; }
  const std::string& get_content_type() const { return content_type_; }
  bool is_success() const { return success_; }

 private:
  invocation_response(std::string payload, std::string content_type, bool success);

  std::string payload_;
  std::string content_type_;
  bool success_;
};

using handler_t = std::function<invocation_response(const invocation_request&)>;

// Serves invocations one after the other until the Runtime API is gone. An exception that leaves the handler
// is reported as that invocation's failure, of the exception's type, and the process lives on.
void run_handler(const handler_t& handler);
}  // namespace aws::lambda_runtime
