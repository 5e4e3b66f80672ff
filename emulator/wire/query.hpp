// Requests of the AWS Query protocol: forms in a body or a query string (STS, IAM, SQS, SNS). The form
// becomes the same document that a JSON request would have been, so operations do not know the difference.
// The replies are in query_reply.hpp. api/dispatch uses it.
#pragma once
#include "emulator/http/message.hpp"
#include "emulator/wire/json.hpp"
#include "emulator/wire/query_names.hpp"

namespace emu::wire {
// The input document of a Query request, without Action, Version and signature. `X.member.N` and `X.N` are
// lists, `X.entry.N.key/.value` maps, the rest is as `names` has it; `coerce` turns the text of each top
// member into the member's type. Throws MalformedQueryString for names nested beyond any AWS shape.
Json read_query(const http::Request& request, const QueryNames& names,
                void (*coerce)(Json&, std::string_view));
}  // namespace emu::wire
