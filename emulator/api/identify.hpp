// A request -> the service and operation it is for, from X-Amz-Target, Action, credential scope and path.
#pragma once
#include <unordered_map>

#include "emulator/api/auth.hpp"
#include "emulator/api/service.hpp"
#include "emulator/http/router.hpp"

namespace emu {
struct Identified {
  Service* service = nullptr;            // null: no service here answers such a request
  const Operation* operation = nullptr;  // null: the service has no such operation
  http::PathParameters parameters;
  std::string asked;                     // the operation as the request names it
  Protocol protocol = Protocol::json10;  // that the request speaks
};

class Index {
 public:
  explicit Index(std::span<Service* const> services);
  Identified identify(const http::Request& request, const Signed& by) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Operations = std::unordered_map<std::string, const Operation*, Hash, std::equal_to<>>;
  struct Entry {
    Service* service;
    Operations operations;
    http::Router<const Operation*> routes, selected;  // selected: those that a word of the query picks
  };
  Identified find(const http::Request& request, const Signed& by) const;
  // Whose Query requests go to this path; null: nobody's.
  const Service* owner_of(std::string_view path, const Signed& by) const;
  Identified by_target(std::string_view target) const;
  // owner: the only service that it can be for, where the path says so.
  Identified by_action(const http::Request& request, const Signed& by, const Service* owner) const;
  Identified by_path(const http::Request& request, const Signed& by) const;
  std::vector<std::unique_ptr<Entry>> entries_;
  Service* behind_front_ = nullptr;  // the first with checksums()
  std::unordered_map<std::string, Entry*, Hash, std::equal_to<>> by_target_prefix_;
};
}  // namespace emu
