// The AWS Query protocol: form-encoded requests in, XML replies out (STS, IAM, SNS). The form becomes the
// same document that a JSON request would have been, so operations do not know the difference. api/dispatch
// uses it.
#pragma once
#include "emulator/http/message.hpp"
#include "emulator/wire/json.hpp"

namespace emu::wire {
// The input document of a Query request, without Action, Version and signature. `X.member.N` and `X.N` are
// lists, `X.entry.N.key/.value` maps; `coerce` turns the text of each top member into the member's type.
// Throws MalformedQueryString for names nested beyond any AWS shape.
Json read_query(const http::Request& request, void (*coerce)(Json&, std::string_view));

// 200 with <OperationResponse><OperationResult>…</OperationResult><ResponseMetadata>….
http::Response write_query(std::string_view operation, std::string_view xml_namespace, const Json& output,
                           std::string_view request_id);
// <ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse> with the error's status.
http::Response query_error(const AwsError& error, std::string_view xml_namespace,
                           std::string_view request_id);
}  // namespace emu::wire
