#include "runtime-api/scheduler/cold_start.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "runtime-api/scheduler/draw.hpp"

namespace emu::runtime {
namespace {
using Profile = ColdStartModel::Profile;
using Spread = ColdStartModel::Spread;
constexpr double kLongestFixed = 15 * 60 * 1000.0;  // ms; no initialisation on AWS lasts longer
constexpr double kTenMegabytes = 10 * 1024 * 1024.0;

Duration milliseconds(double ms) { return Duration(std::llround(ms * 1000)); }

[[noreturn]] void wrong(std::string_view where, std::string_view what) {
  throw std::invalid_argument(fmt::format("{}: {}", where, what));
}

double number(const Json& map, const char* member, std::string_view where, double otherwise = -1) {
  if (!map.is_object() || !map.contains(member)) {
    if (otherwise >= 0) return otherwise;
    wrong(where, fmt::format("{} is missing", member));
  }
  const auto& value = map[member];
  if (!value.is_number() || value.get<double>() < 0)
    wrong(where, fmt::format("{} must be a number that is not negative", member));
  return value.get<double>();
}

const Json& map_of(const Json& map, const char* member, std::string_view where) {
  if (!map.is_object() || !map.contains(member) || !map[member].is_object())
    wrong(where, fmt::format("{} must be a map", member));
  return map[member];
}

// A number of milliseconds, or {median_ms, sigma}.
Spread spread_of(const Json& value, double sigma, std::string_view where) {
  if (value.is_number()) return {value.get<double>(), sigma};
  return {number(value, "median_ms", where), number(value, "sigma", where, sigma)};
}

// A spread, or spreads by memory in MB.
std::map<int, Spread> by_memory(const Json& value, double sigma, const std::string& where) {
  if (!value.is_object() || value.contains("median_ms")) return {{0, spread_of(value, sigma, where)}};
  std::map<int, Spread> out;
  for (const auto& [key, row] : value.items()) {
    int memory = 0;
    const auto end = key.data() + key.size();
    if (std::from_chars(key.data(), end, memory).ptr != end) wrong(where, key + " is no memory size in MB");
    out[memory] = spread_of(row, sigma, where);
  }
  if (out.empty()) wrong(where, "no sizes of memory");
  return out;
}

Profile read_profile(const Json& map, const std::string& where) {
  Profile out;
  out.size_factor = number(map, "size_factor_per_10_mb", where, 0);
  out.sigma = number(map, "sigma", where);
  if (map.contains("outliers")) {
    const auto& outliers = map["outliers"];
    out.outlier_share = number(outliers, "share", where);
    out.outlier_from = number(outliers, "from", where);
    out.outlier_to = number(outliers, "to", where);
  }
  for (const auto& [runtime, architectures] : map_of(map, "runtimes", where).items()) {
    const auto row = fmt::format("{}.runtimes.{}", where, runtime);
    if (!architectures.is_object() || architectures.empty()) wrong(row, "must be a map of architectures");
    for (const auto& [architecture, value] : architectures.items())
      out.runtimes[runtime][architecture] = by_memory(value, out.sigma, row);
  }
  return out;
}

bool interpreted(std::string_view runtime) { return !runtime.starts_with("provided"); }

// The longest name in the table that the runtime begins with: "python3.12" before "python".
const Spread* row_of(const Profile& profile, const FunctionSpec& spec) {
  for (auto name = std::string_view(spec.runtime); !name.empty(); name.remove_suffix(1)) {
    const auto runtime = profile.runtimes.find(name);
    if (runtime == profile.runtimes.end()) continue;
    auto architecture = runtime->second.find(spec.architecture);
    if (architecture == runtime->second.end()) architecture = runtime->second.begin();
    auto row = architecture->second.upper_bound(spec.memory_mb);
    return row == architecture->second.begin() ? &row->second : &std::prev(row)->second;
  }
  return nullptr;
}

double drawn(const Spread& spread, std::uint64_t key) {
  return spread.median_ms * std::exp(spread.sigma * normal(key));
}
}  // namespace

std::optional<ColdStartSetting> ColdStartSetting::parse(std::string_view text) {
  const auto colon = text.find(':');
  const auto kind = text.substr(0, colon);
  const auto rest = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  if (kind == "real" && colon == text.npos) return ColdStartSetting{};
  if (kind == "modelled" && (colon == text.npos || !rest.empty()))
    return ColdStartSetting{Kind::modelled, std::string(rest), {}};
  if (kind != "fixed") return std::nullopt;
  const std::string number(rest);
  char* end = nullptr;
  const double ms = std::strtod(number.c_str(), &end);
  const bool digits = !number.empty() && number.find_first_not_of("0123456789.e") == number.npos;
  if (!digits || *end != '\0') return std::nullopt;
  if (!(ms >= 0) || ms > kLongestFixed) return std::nullopt;
  return ColdStartSetting{Kind::fixed, {}, milliseconds(ms)};
}

ColdStartModel ColdStartModel::read(const Json& document) {
  ColdStartModel out;
  const auto& before = map_of(document, "before_init", "the cold-start model");
  out.before = {number(before, "median_ms", "before_init"), number(before, "sigma", "before_init")};
  for (const auto& [name, profile] : map_of(document, "profiles", "the cold-start model").items())
    out.profiles[name] = read_profile(profile, "profiles." + name);
  if (document.contains("default") && document["default"].is_string())
    out.default_profile = document["default"].get<std::string>();
  if (!out.profiles.contains(out.default_profile)) wrong("default", "must name one of the profiles");
  return out;
}

bool ColdStarts::knows(const ColdStartSetting& setting) const {
  return setting.profile.empty() || model_.profiles.contains(setting.profile);
}

void ColdStarts::set(const std::string& function, std::optional<ColdStartSetting> setting) {
  if (setting)
    settings_[function] = std::move(*setting);
  else
    settings_.erase(function);
}

const ColdStartSetting& ColdStarts::setting(std::string_view function) const {
  const auto own = settings_.find(function);
  return own == settings_.end() ? default_ : own->second;
}

ColdStart ColdStarts::modelled(const Profile& profile, const FunctionSpec& spec, std::uint64_t key) const {
  const auto* row = row_of(profile, spec);
  if (!row) return {};
  double ms = drawn(*row, key);
  if (uniform(mixed(key, "outlier")) < profile.outlier_share)
    ms *= profile.outlier_from + (profile.outlier_to - profile.outlier_from) * uniform(mixed(key, "how far"));
  if (interpreted(spec.runtime))
    ms *= 1 + profile.size_factor * static_cast<double>(spec.code_bytes) / kTenMegabytes;
  return {milliseconds(drawn(model_.before, mixed(key, "before"))), milliseconds(ms)};
}

ColdStart ColdStarts::draw(const FunctionSpec& spec) {
  const auto& how = setting(spec.arn);
  if (how.kind == ColdStartSetting::Kind::real) return {};
  if (how.kind == ColdStartSetting::Kind::fixed) return {{}, how.length};
  const auto profile = model_.profiles.find(how.profile.empty() ? model_.default_profile : how.profile);
  if (profile == model_.profiles.end()) return {};
  auto version = spec.arn + ":" + spec.version;
  const auto key = mixed(seed_, version);
  return modelled(profile->second, spec, mixed(key ^ starts_[std::move(version)]++));
}
}  // namespace emu::runtime
