#include "emulator/wire/query_reply.hpp"

#include <fmt/format.h>

#include "emulator/wire/json.hpp"
#include "emulator/wire/xml.hpp"

namespace emu::wire {
namespace {
http::Response xml_response(int status, const pugi::xml_document& document) {
  return http::text_response(status, xml_text(document), "text/xml");
}

// Maps become lists of {key, value}, as in the XML; members take the names of this form.
Json plain(const Json& value, const QueryNames& names) {
  if (value.is_array()) {
    Json out = Json::array();
    for (const auto& element : value) out.push_back(plain(element, names));
    return out;
  }
  if (!value.is_object()) return value;
  Json out = Json::object();
  for (const auto& [name, member] : value.items()) {
    const auto* row = names.of_member(name);
    const bool map = row && !row->key.empty() && member.is_object();
    auto& place = out[std::string(row && !row->plain.empty() ? row->plain : name)];
    if (!map) {
      place = plain(member, names);
      continue;
    }
    place = Json::array();
    for (const auto& [key, element] : member.items())
      place.push_back({{std::string(row->key), key}, {std::string(row->value), plain(element, names)}});
  }
  return out;
}
}  // namespace

http::Response write_query(const QueryReply& reply, const Json& output) {
  pugi::xml_document document;
  auto response = add_element(document, fmt::format("{}Response", reply.names.operation));
  response.append_attribute("xmlns").set_value(std::string(reply.xml_namespace).c_str());
  // Also when empty: clients look up the wrapper of every operation that has an output shape.
  if (reply.has_output)
    add_members(add_element(response, fmt::format("{}Result", reply.names.operation)), output, reply.names);
  add_text(add_element(response, "ResponseMetadata"), "RequestId", reply.request_id);
  return xml_response(200, document);
}

http::Response write_query_json(const QueryReply& reply, const Json& output) {
  Json response = Json::object();
  if (reply.has_output) {
    auto& result = response[fmt::format("{}Result", reply.names.operation)] = plain(output, reply.names);
    for (const auto& row : reply.names.rows)
      if (!row.plain.empty() && row.operation == reply.names.operation && !output.contains(row.member))
        result[std::string(row.plain)] = nullptr;
  }
  response["ResponseMetadata"] = {{"RequestId", reply.request_id}};
  const Json whole = {{fmt::format("{}Response", reply.names.operation), std::move(response)}};
  return http::json_response(200, json_text(whole));
}

http::Response query_error(const AwsError& error, std::string_view xml_namespace,
                           std::string_view request_id) {
  pugi::xml_document document;
  auto response = add_element(document, "ErrorResponse");
  response.append_attribute("xmlns").set_value(std::string(xml_namespace).c_str());
  auto body = add_element(response, "Error");
  add_text(body, "Type", error.http_status < 500 ? "Sender" : "Receiver");
  // Query services spell the front end's own refusals differently from JSON services (spec-events 0).
  add_text(body, "Code", error.code == "ValidationException" ? "ValidationError" : error.code);
  add_text(body, "Message", error.message);
  add_element(body, "Detail");
  add_text(response, "RequestId", request_id);
  return xml_response(error.http_status, document);
}
}  // namespace emu::wire
