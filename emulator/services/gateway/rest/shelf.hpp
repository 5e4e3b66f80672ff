// What belongs to an account rather than to one API: API keys, usage plans, domain names, VPC links,
// certificates, the account's settings. JSON documents by kind and id, in memory and in
// Space::gateway_documents. Used by the operations of this folder and by whoever serves requests.
#pragma once
#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"

namespace emu::gateway::v1 {
// The order of creation, of documents with a createdDate and an id.
std::pair<double, std::string> age_of(const Json& document);

class Shelf {
 public:
  explicit Shelf(storage::Engine& disk) : state_(disk) {}
  void load();
  void verify(Report& report);
  std::optional<Json> find(const Scope& scope, std::string_view kind, std::string_view id) const;
  std::vector<Json> all(const Scope& scope, std::string_view kind) const;  // in order of creation
  std::vector<Json> everywhere(std::string_view kind) const;               // of every scope
  void put(const Scope& scope, std::string_view kind, std::string_view id, Json document);
  bool erase(const Scope& scope, std::string_view kind, std::string_view id);
  // edit(Json&) returns a Result; when it succeeds the document is kept. `absent` where there is none.
  template <class F>
  Result<Json> change(const Scope& scope, std::string_view kind, std::string_view id, const AwsError& absent,
                      F edit) {
    return state_.with([&](State& state) -> Result<Json> {
      const auto name = name_of(kind, id);
      const auto at = state.documents.find({scope, name});
      if (at == state.documents.end()) return absent;
      Json next = at->second;
      Result<Json> result = edit(next);
      if (!result) return result;
      state.records.put(scope, name, next);
      at->second = std::move(next);
      return result;
    });
  }

 private:
  using Key = std::pair<Scope, std::string>;
  struct State {
    explicit State(storage::Engine& disk) : records(disk, storage::Space::gateway_documents) {}
    Records<Json> records;
    std::map<Key, Json> documents;
  };
  static std::string name_of(std::string_view kind, std::string_view id);
  mutable Guarded<State> state_;
};
}  // namespace emu::gateway::v1
