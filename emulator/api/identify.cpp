#include "emulator/api/identify.hpp"

#include <fmt/format.h>

#include "emulator/api/front.hpp"

namespace emu {
namespace {
// "List=ALL" of "GET /…?List==ALL&Marker": the operation is meant only if the query says so.
std::string selector(const wire::Rest& rest) {
  const auto query = rest.query();
  const auto at = query.find("==");
  if (at == query.npos) return {};
  const auto begin = query.rfind('&', at) + 1;  // 0 if there is none before
  return fmt::format("{}{}", query.substr(begin, at - begin),
                     query.substr(at + 1, query.find('&', at) - at - 1));
}

bool says(const http::Request& request, const std::string& selector) {
  for (const auto& [name, value] : http::parse_query(request.query()))
    if (selector == fmt::format("{}={}", name, value)) return true;
  return false;
}
}  // namespace

Index::Index(std::span<Service* const> services) {
  for (Service* service : services) {
    auto entry = std::make_unique<Entry>();
    entry->service = service;
    for (const auto& row : service->operations()) {
      entry->operations.emplace(row.name, &row);
      if (row.rest.route.empty()) continue;
      auto& routes = selector(row.rest).empty() ? entry->routes : entry->selected;
      routes.add(row.rest.method(), row.rest.path(), &row);
    }
    if (!service->target_prefix().empty()) by_target_prefix_.emplace(service->target_prefix(), entry.get());
    if (!behind_front_ && service->checksums()) behind_front_ = service;
    entries_.push_back(std::move(entry));
  }
}

Identified Index::identify(const http::Request& request, const Signed& by) const {
  auto found = find(request, by);
  if (!found.service && behind_front_ && front::addressed(request, by)) {
    found.service = behind_front_;
    found.protocol = behind_front_->protocol();
  }
  return found;
}

Identified Index::find(const http::Request& request, const Signed& by) const {
  if (const auto target = request.headers.find("X-Amz-Target")) return by_target(*target);
  if (request.path() != "/") {
    const Service* owner = owner_of(request.path(), by);
    return owner ? by_action(request, by, owner) : by_path(request, by);
  }
  const bool form = request.headers.get("Content-Type").starts_with("application/x-www-form-urlencoded") ||
                    request.query().find("Action=") != std::string_view::npos;
  return form ? by_action(request, by, nullptr) : by_path(request, by);
}

const Service* Index::owner_of(std::string_view path, const Signed& by) const {
  for (const auto& entry : entries_) {
    const auto* side = entry->service->query_side();
    const bool may = by.service.empty() || by.service == entry->service->name();
    if (side && may && side->owns(path)) return entry->service;
  }
  return nullptr;
}

Identified Index::by_target(std::string_view target) const {
  const auto dot = target.find('.');
  const auto service = by_target_prefix_.find(target.substr(0, dot));
  Identified out;
  out.asked = std::string(dot == target.npos ? target : target.substr(dot + 1));
  if (service == by_target_prefix_.end()) return out;
  out.service = service->second->service;
  out.protocol = out.service->protocol();
  const auto row = service->second->operations.find(out.asked);
  if (row != service->second->operations.end()) out.operation = row->second;
  return out;
}

Identified Index::by_action(const http::Request& request, const Signed& by, const Service* owner) const {
  Identified out;
  out.protocol = Protocol::query;
  auto action = http::parse_query(request.query());
  if (request.method == "POST")
    std::ranges::move(http::parse_query(request.body), std::back_inserter(action));
  for (auto& [name, value] : action)
    if (name == "Action" && out.asked.empty()) out.asked = value;
  for (const auto& entry : entries_) {
    const auto* side = entry->service->query_side();
    if (!side && entry->service->protocol() != Protocol::query) continue;
    if (owner && entry->service != owner) continue;
    if (!by.service.empty() && by.service != entry->service->name()) continue;
    const auto row = entry->operations.find(out.asked);
    const bool known = row != entry->operations.end() && (!owner || side->offers(out.asked));
    if (!known && !owner && by.service.empty()) continue;  // unsigned: whoever knows the action
    out.service = entry->service;
    if (known) out.operation = row->second;
    break;
  }
  return out;
}

Identified Index::by_path(const http::Request& request, const Signed& by) const {
  Identified out;
  out.protocol = Protocol::rest_json;
  out.asked = request.method + " " + std::string(request.path());
  for (const auto& entry : entries_) {
    if (entry->service->protocol() != Protocol::rest_json) continue;
    if (!by.service.empty() && by.service != entry->service->name()) continue;
    if (!by.service.empty()) out.service = entry->service;
    auto found = entry->selected.find(request.method, request.path());
    if (!found || !says(request, selector(found->value->rest)))
      found = entry->routes.find(request.method, request.path());
    if (found) {
      out.service = entry->service;
      out.operation = found->value;
      out.parameters = std::move(found->parameters);
      return out;
    }
  }
  return out;
}
}  // namespace emu
