#include "emulator/services/gateway/authorizers/authorizers.hpp"

#include "emulator/base/bounded_json.hpp"
#include "emulator/http/client.hpp"
#include "emulator/services/gateway/invoke.hpp"

namespace emu::gateway {
namespace {
constexpr std::size_t kMostKept = 10'000;
constexpr Duration kFunction = std::chrono::seconds(10);       // spec-gateway 16.2
constexpr Duration kIssuer = std::chrono::milliseconds(1500);  // spec-gateway 16.1
constexpr std::uint64_t kLargestDocument = 150 * 1024;         // spec-gateway 16.1
constexpr Duration kKeysLast = std::chrono::hours(2);

awaitable<Json> document_at(std::string url) {
  http::Request request{.method = "GET"};
  const auto got = co_await http::fetch(std::move(url), std::move(request), kIssuer, kLargestDocument);
  if (!got.response || got.response->status != 200) co_return Json();
  auto document = bounded_parse(got.response->body);
  co_return document.is_object() ? document : Json();
}
}  // namespace

std::optional<Json> Authorizers::kept(Guarded<Cache>& cache, const std::string& key) {
  return cache.with([&](Cache& all) -> std::optional<Json> {
    const auto it = all.find(key);
    if (it == all.end()) return std::nullopt;
    if (it->second.until > clock_.now()) return it->second.document;
    all.erase(it);
    return std::nullopt;
  });
}

void Authorizers::keep(Guarded<Cache>& cache, const std::string& key, const Json& document, Duration ttl) {
  cache.with([&](Cache& all) {
    if (all.size() >= kMostKept) all.clear();
    all.insert_or_assign(key, Kept{document, clock_.now() + ttl});
  });
}

awaitable<Authorizers::Answer> Authorizers::ask(Question question) {
  const bool keeps = !question.cache_key.empty() && question.ttl > Duration{};
  if (keeps)
    if (auto known = kept(answers_, question.cache_key)) co_return Answer{std::move(*known)};
  const auto began = clock_.now();
  auto invoked = co_await invoke_in_time(clock_, functions_, ids_, std::move(question.function_arn),
                                         std::move(question.event), std::move(question.trace_id), kFunction);
  Answer out{.took = clock_.now() - began};
  if (invoked.late || !invoked.outcome) co_return out;
  auto document = bounded_parse(invoked.outcome->payload);
  if (invoked.outcome->kind == runtime::Outcome::Kind::function_error) {
    out.unauthorized = document.is_object() && document.value("errorMessage", Json()) == "Unauthorized";
  } else if (invoked.outcome->kind == runtime::Outcome::Kind::ok && document.is_object()) {
    if (keeps) keep(answers_, question.cache_key, document, question.ttl);
    out.document = std::move(document);
  }
  co_return out;
}

void Authorizers::forget(std::string_view prefix) {
  answers_.with([&](Cache& all) {
    std::erase_if(all, [&](const auto& each) { return each.first.starts_with(prefix); });
  });
}

awaitable<Json> Authorizers::keys_of(std::string issuer) {
  if (auto known = kept(keys_, issuer)) co_return std::move(*known);
  if (!local_keys.is_null() && issuer.starts_with("https://")) co_return local_keys;
  auto base = issuer;
  while (base.ends_with('/')) base.pop_back();
  const auto configuration = co_await document_at(base + "/.well-known/openid-configuration");
  if (!configuration.is_object() || !configuration.contains("jwks_uri") ||
      !configuration["jwks_uri"].is_string())
    co_return local_keys;
  auto keys = co_await document_at(configuration["jwks_uri"].get<std::string>());
  if (keys.is_null()) co_return local_keys;
  keep(keys_, issuer, keys, kKeysLast);
  co_return keys;
}
}  // namespace emu::gateway
