#include "emulator/services/gateway/rest/domains/domain_names.hpp"

#include <algorithm>

#include "emulator/api/origin.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway::v1 {
namespace {
std::string name_of(std::string_view host) { return lower(host.substr(0, host.rfind(':'))); }

// Whether the path lies below the base, segment by segment.
bool is_below(std::string_view path, std::string_view base) {
  if (base.empty()) return true;
  return path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
}
}  // namespace

DomainNames::DomainNames(const Shelf& shelf) {
  for (const auto& domain : shelf.everywhere("domainnames"))
    if (const auto name = lower(text(domain, "domainName")); !is_endpoint_name(name)) domains_[name];
  for (const auto& mapping : shelf.everywhere("basepathmappings")) {
    const auto base = text(mapping, "basePath");
    const auto domain = domains_.find(lower(text(mapping, "domainName")));
    if (domain != domains_.end())
      domain->second.push_back(
          {base == "(none)" ? "" : base, text(mapping, "restApiId"), text(mapping, "stage")});
  }
  for (auto& [name, mappings] : domains_)
    std::ranges::sort(mappings, std::greater{}, [](const Mapping& m) { return m.base.size(); });
}

// The name itself before the wildcard that it falls under, of one label as certificates have it.
const std::vector<DomainNames::Mapping>* DomainNames::find(std::string_view host) const {
  if (domains_.empty()) return nullptr;
  const auto name = name_of(host);
  auto found = domains_.find(name);
  if (found == domains_.end() && name.find('.') != name.npos && !is_endpoint_name(name))
    found = domains_.find("*" + name.substr(name.find('.')));
  return found == domains_.end() ? nullptr : &found->second;
}

bool DomainNames::has(std::string_view host) const { return find(host) != nullptr; }

std::optional<Address> DomainNames::address_of(const http::Request& request) const {
  const auto* mappings = find(request.headers.get("Host"));
  if (!mappings) return std::nullopt;
  auto path = request.path();
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  for (const auto& mapping : *mappings) {
    if (!is_below(path, mapping.base)) continue;
    Address out;
    out.api_id = mapping.api_id;
    out.by_host = true;
    auto rest = path.substr(mapping.base.size());
    while (rest.starts_with('/')) rest.remove_prefix(1);
    const auto below = "/" + std::string(rest);
    // Without a stage in the mapping the path names it.
    out.default_stage = mapping.stage == "$default";
    out.stage_is_explicit = !mapping.stage.empty();
    set_path(out, mapping.stage.empty() || out.default_stage ? below : "/" + mapping.stage + below);
    out.base = mapping.base.empty() ? "" : "/" + mapping.base;
    return out;
  }
  return std::nullopt;
}
}  // namespace emu::gateway::v1
