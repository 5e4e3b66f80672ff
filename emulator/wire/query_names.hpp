// How a service's Query forms and replies spell lists and maps that its JSON spells otherwise: one table per
// service (SQS: `AttributeName.1` for AttributeNames), read by query.cpp and query_reply.cpp in both
// directions. What no row names is spelled as in JSON.
#pragma once
#include <span>
#include <string_view>

namespace emu::wire {
struct QueryName {
  std::string_view wire;                  // of one element: "AttributeName"
  std::string_view member;                // of all of them: "AttributeNames"
  std::string_view key = {}, value = {};  // of a map's element: "Name", "Value"; empty: a list
  std::string_view operation = {};        // the only one that says so; empty: every operation
  bool reply_only = false;                // a request's member of that name is another
  std::string_view plain = {};            // the member in a reply that was asked for as JSON, null if absent
};

// The table as one operation sees it. Rows for one operation stand before those for every.
struct QueryNames {
  std::span<const QueryName> rows = {};
  std::string_view operation = {};

  const QueryName* of_wire(std::string_view name) const { return find(&QueryName::wire, name, false); }
  const QueryName* of_member(std::string_view name) const { return find(&QueryName::member, name, true); }

 private:
  const QueryName* find(std::string_view QueryName::* column, std::string_view name, bool reply) const {
    for (const auto& row : rows)
      if (row.*column == name && (row.operation.empty() || row.operation == operation) &&
          (reply || !row.reply_only))
        return &row;
    return nullptr;
  }
};
}  // namespace emu::wire
