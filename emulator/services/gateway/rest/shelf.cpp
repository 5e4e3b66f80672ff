#include "emulator/services/gateway/rest/shelf.hpp"

#include <algorithm>

namespace emu::gateway::v1 {
std::pair<double, std::string> age_of(const Json& document) {
  const auto id = document.find("id");
  return {document.value("createdDate", 0.0),
          id != document.end() && id->is_string() ? id->get<std::string>() : ""};
}

std::string Shelf::name_of(std::string_view kind, std::string_view id) {
  return fmt::format("{}/{}", kind, id);
}

void Shelf::load() {
  state_.with([](State& state) {
    state.documents.clear();
    state.records.each([&](const Scope& scope, const std::string& name, Json document) {
      state.documents.emplace(Key{scope, name}, std::move(document));
    });
  });
}

void Shelf::verify(Report& report) {
  state_.with([&](State& state) { state.records.verify(report, "API Gateway document"); });
}

std::optional<Json> Shelf::find(const Scope& scope, std::string_view kind, std::string_view id) const {
  return state_.with([&](const State& state) -> std::optional<Json> {
    const auto at = state.documents.find({scope, name_of(kind, id)});
    if (at == state.documents.end()) return std::nullopt;
    return at->second;
  });
}

std::vector<Json> Shelf::all(const Scope& scope, std::string_view kind) const {
  auto out = state_.with([&](const State& state) {
    std::vector<Json> found;
    const auto prefix = name_of(kind, "");
    for (auto at = state.documents.lower_bound({scope, prefix});
         at != state.documents.end() && at->first.first == scope && at->first.second.starts_with(prefix);
         ++at)
      found.push_back(at->second);
    return found;
  });
  std::ranges::sort(out, {}, age_of);
  return out;
}

std::vector<Json> Shelf::everywhere(std::string_view kind) const {
  return state_.with([&](const State& state) {
    std::vector<Json> found;
    const auto prefix = name_of(kind, "");
    for (const auto& [key, document] : state.documents)
      if (key.second.starts_with(prefix)) found.push_back(document);
    return found;
  });
}

void Shelf::put(const Scope& scope, std::string_view kind, std::string_view id, Json document) {
  state_.with([&](State& state) {
    state.records.put(scope, name_of(kind, id), document);
    state.documents.insert_or_assign(Key{scope, name_of(kind, id)}, std::move(document));
  });
}

bool Shelf::erase(const Scope& scope, std::string_view kind, std::string_view id) {
  return state_.with([&](State& state) {
    if (state.documents.erase({scope, name_of(kind, id)}) == 0) return false;
    state.records.erase(scope, name_of(kind, id));
    return true;
  });
}
}  // namespace emu::gateway::v1
