// Replies of the AWS Query protocol: XML, or the same as JSON for a client that accepts nothing else. Used by
// api/dispatch.
#pragma once
#include "emulator/base/error.hpp"
#include "emulator/http/message.hpp"
#include "emulator/wire/query_names.hpp"

namespace emu::wire {
struct QueryReply {
  QueryNames names;
  std::string_view xml_namespace;
  std::string_view request_id;
  bool has_output = true;  // whether AWS models an output: without one there is no result element
};
// 200 with <OperationResponse><OperationResult>…</OperationResult><ResponseMetadata>….
http::Response write_query(const QueryReply& reply, const Json& output);
// {"OperationResponse":{"OperationResult":{…},"ResponseMetadata":{…}}} (spec-sqs 1).
http::Response write_query_json(const QueryReply& reply, const Json& output);
// <ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse> with the error's status.
http::Response query_error(const AwsError& error, std::string_view xml_namespace,
                           std::string_view request_id);
}  // namespace emu::wire
