// Custom domain names (spec-gateway 23): which API, and stage, a Host and path stand for. Built when a domain
// or a mapping changes, then only read. Door asks it of every request, so that no domain costs nothing.
#pragma once
#include <map>
#include <optional>

#include "emulator/services/gateway/rest/shelf.hpp"
#include "emulator/services/gateway/routing/address.hpp"

namespace emu::gateway::v1 {
class DomainNames {
 public:
  DomainNames() = default;
  explicit DomainNames(const Shelf& shelf);  // of every account and region
  bool empty() const { return domains_.empty(); }
  bool has(std::string_view host) const;
  // None: the domain has no mapping for this path.
  std::optional<Address> address_of(const http::Request& request) const;

 private:
  struct Mapping {
    std::string base;  // "v1", or empty
    std::string api_id, stage;
  };
  const std::vector<Mapping>* find(std::string_view host) const;
  std::map<std::string, std::vector<Mapping>, std::less<>> domains_;  // the longest base first
};
}  // namespace emu::gateway::v1
