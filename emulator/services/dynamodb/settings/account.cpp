// DescribeLimits, DescribeEndpoints (C1, A8).
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/rows.hpp"

namespace emu::dynamodb {
namespace {
struct Endpoint {
  std::string Address;
  int CachePeriodInMinutes = 1440;
};
BOOST_DESCRIBE_STRUCT(Endpoint, (), (Address, CachePeriodInMinutes))
struct DescribeEndpointsOutput {
  std::vector<Endpoint> Endpoints;
};
BOOST_DESCRIBE_STRUCT(DescribeEndpointsOutput, (), (Endpoints))
struct DescribeLimitsOutput {
  int AccountMaxReadCapacityUnits = 80000, AccountMaxWriteCapacityUnits = 80000;
  int TableMaxReadCapacityUnits = 40000, TableMaxWriteCapacityUnits = 40000;
};
BOOST_DESCRIBE_STRUCT(DescribeLimitsOutput, (),
                      (AccountMaxReadCapacityUnits, AccountMaxWriteCapacityUnits, TableMaxReadCapacityUnits,
                       TableMaxWriteCapacityUnits))

Result<DescribeEndpointsOutput> describe_endpoints(DynamoDb&, Context& context, Empty) {
  return DescribeEndpointsOutput{{Endpoint{context.host}}};
}

Result<DescribeLimitsOutput> describe_limits(DynamoDb&, Context&, Empty) { return DescribeLimitsOutput{}; }

constexpr Operation kAccount[] = {
    op<describe_endpoints>("DescribeEndpoints"),
    op<describe_limits>("DescribeLimits"),
};
}  // namespace

std::span<const Operation> account_operations() { return kAccount; }
}  // namespace emu::dynamodb
