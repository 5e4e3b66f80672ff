// How long a cold start takes: as long as the process needs, at least as long as a draw from a model of AWS,
// or at least a fixed time. Pure and seeded: the n-th start of a function version draws the same in every
// run with the same seed, whatever else happens. The invoker waits accordingly; the model's numbers are
// config/cold-start.yaml (docs/decisions/0017-cold-starts.md).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/json.hpp"
#include "runtime-api/function.hpp"

namespace emu::runtime {
// "real", "modelled", "modelled:PROFILE", "fixed:MILLISECONDS".
struct ColdStartSetting {
  enum class Kind { real, modelled, fixed } kind = Kind::real;
  std::string profile;  // of modelled; empty: the model's own choice
  Duration length{};    // of fixed
  static std::optional<ColdStartSetting> parse(std::string_view text);
  bool operator==(const ColdStartSetting&) const = default;
};

// What the invoker is to wait for. Zero: nothing is added to what the process takes.
struct ColdStart {
  Duration before{};  // placement and download, which precede the initialisation and are not part of it
  Duration init_at_least{};  // the initialisation is to last so long
};

// A distribution with the middle and spread that were measured, and now and then an outlier.
struct ColdStartModel {
  struct Spread {
    double median_ms = 0, sigma = 0;
  };
  struct Profile {
    double size_factor = 0;  // for each 10 MB of code and layers, of interpreted runtimes
    double sigma = 0.12, outlier_share = 0, outlier_from = 1, outlier_to = 1;
    // By runtime ("python3.12", or a family: "python"), architecture and memory: the row with the most memory
    // not above the function's.
    std::map<std::string, std::map<std::string, std::map<int, Spread>, std::less<>>, std::less<>> runtimes;
  };
  Spread before;
  std::string default_profile;
  std::map<std::string, Profile, std::less<>> profiles;
  // Throws std::invalid_argument saying which member is wrong.
  static ColdStartModel read(const Json& document);
};

class ColdStarts {
 public:
  ColdStarts() = default;  // all real
  ColdStarts(ColdStartModel model, std::uint64_t seed, ColdStartSetting by_default)
      : model_(std::move(model)), seed_(seed), default_(std::move(by_default)) {}

  bool knows(const ColdStartSetting& setting) const;  // its profile exists
  // Of one function by its unqualified ARN; none: the default again.
  void set(const std::string& function, std::optional<ColdStartSetting> setting);
  const ColdStartSetting& setting(std::string_view function) const;
  ColdStart draw(const FunctionSpec& spec);  // for the next start of this function version

 private:
  ColdStart modelled(const ColdStartModel::Profile& profile, const FunctionSpec& spec,
                     std::uint64_t key) const;
  ColdStartModel model_;
  std::uint64_t seed_ = 0;
  ColdStartSetting default_;
  std::map<std::string, ColdStartSetting, std::less<>> settings_;
  std::map<std::string, std::uint64_t, std::less<>> starts_;  // so far, by function version
};
}  // namespace emu::runtime
