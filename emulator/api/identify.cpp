#include "emulator/api/identify.hpp"

#include "emulator/api/front.hpp"

namespace emu {
Index::Index(std::span<Service* const> services) {
  for (Service* service : services) {
    auto entry = std::make_unique<Entry>();
    entry->service = service;
    for (const auto& row : service->operations()) {
      entry->operations.emplace(row.name, &row);
      if (!row.rest.route.empty()) entry->routes.add(row.rest.method(), row.rest.path(), &row);
    }
    if (!service->target_prefix().empty()) by_target_prefix_.emplace(service->target_prefix(), entry.get());
    if (!behind_front_ && service->checksums()) behind_front_ = service;
    entries_.push_back(std::move(entry));
  }
}

Identified Index::identify(const http::Request& request, const Signed& by) const {
  auto found = find(request, by);
  if (!found.service && front::addressed(request, by)) found.service = behind_front_;
  return found;
}

Identified Index::find(const http::Request& request, const Signed& by) const {
  if (const auto target = request.headers.find("X-Amz-Target")) return by_target(*target);
  const bool root = request.path() == "/";
  if (root && request.headers.get("Content-Type").starts_with("application/x-www-form-urlencoded"))
    return by_action(request, by);
  if (root && request.query().find("Action=") != std::string_view::npos) return by_action(request, by);
  return by_path(request, by);
}

Identified Index::by_target(std::string_view target) const {
  const auto dot = target.find('.');
  const auto service = by_target_prefix_.find(target.substr(0, dot));
  Identified out;
  out.asked = std::string(dot == target.npos ? target : target.substr(dot + 1));
  if (service == by_target_prefix_.end()) return out;
  out.service = service->second->service;
  const auto row = service->second->operations.find(out.asked);
  if (row != service->second->operations.end()) out.operation = row->second;
  return out;
}

Identified Index::by_action(const http::Request& request, const Signed& by) const {
  Identified out;
  auto action = http::parse_query(request.query());
  if (request.method == "POST")
    std::ranges::move(http::parse_query(request.body), std::back_inserter(action));
  for (auto& [name, value] : action)
    if (name == "Action") out.asked = value;
  for (const auto& entry : entries_) {
    if (entry->service->protocol() != Protocol::query) continue;
    if (!by.service.empty() && by.service != entry->service->name()) continue;
    const auto row = entry->operations.find(out.asked);
    if (row == entry->operations.end() && by.service.empty()) continue;  // unsigned: whoever knows the action
    out.service = entry->service;
    if (row != entry->operations.end()) out.operation = row->second;
    break;
  }
  return out;
}

Identified Index::by_path(const http::Request& request, const Signed& by) const {
  Identified out;
  out.asked = request.method + " " + std::string(request.path());
  for (const auto& entry : entries_) {
    if (entry->service->protocol() != Protocol::rest_json) continue;
    if (!by.service.empty() && by.service != entry->service->name()) continue;
    if (!by.service.empty()) out.service = entry->service;
    if (auto found = entry->routes.find(request.method, request.path())) {
      out.service = entry->service;
      out.operation = found->value;
      out.parameters = std::move(found->parameters);
      return out;
    }
  }
  return out;
}
}  // namespace emu
