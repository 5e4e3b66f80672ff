// An AWS service: its name, protocol, operations and resource types. Services never include each other; they
// meet by ARN through ports (ports.hpp).
#pragma once
#include <span>

#include "emulator/api/operation.hpp"
#include "emulator/api/query_side.hpp"
#include "emulator/api/report.hpp"
#include "emulator/api/resource.hpp"

namespace emu {
class Service {
 public:
  virtual ~Service() = default;
  virtual std::string_view name() const = 0;                 // "dynamodb": the signing name and IAM prefix
  virtual std::string_view title() const { return name(); }  // its own, where two APIs share a signing name
  virtual Protocol protocol() const = 0;
  virtual std::string_view target_prefix() const { return {}; }  // "DynamoDB_20120810", JSON protocols
  virtual std::string_view xml_namespace() const { return {}; }  // Query protocol
  // Not null: it speaks Query beside protocol().
  virtual const QuerySide* query_side() const { return nullptr; }
  virtual std::span<const Operation> operations() const = 0;
  virtual std::span<const ResourceType> resource_types() const { return {}; }
  // What AWS has here and emu does not, beyond single parameters: a line each, for the compatibility table.
  virtual std::span<const std::string_view> not_served() const { return {}; }
  // The __type of an error body: "com.amazonaws.dynamodb.v20120810#…" where the service says so.
  virtual std::string error_type(const AwsError& e) const { return e.code; }
  // What the service says of an absent required member, and its own words for an error in this request.
  virtual AwsError missing(const wire::Missing& member) const { return member; }
  virtual AwsError worded(AwsError error, const Context&) const { return error; }
  // Makes scalars of a JSON request the types of their members, if the service takes others too.
  virtual bool mend(Json& input) const {
    static_cast<void>(input);
    return false;
  }
  virtual bool checksums() const { return false; }  // stands behind DynamoDB's HTTP front (front.hpp)
  // Its paths have no version in front ("/account"), so that a project's own routes may well be named the
  // same.
  virtual bool plain_paths() const { return false; }
  virtual void load() {}  // rebuild memory from disk, before the first request
  // Looks at every row of the service on disk, for `emu verify`; without load() before it.
  virtual void verify(Report& report) { static_cast<void>(report); }
  virtual awaitable<void> run() { co_return; }  // background loops; ended by Loops::stop
};
}  // namespace emu
