#include "emulator/services/lambda/layers/layers.hpp"

#include <algorithm>

namespace emu::lambda {
LayerVersion* Layer::find(std::int64_t number) {
  const auto at = std::ranges::find(versions, number, &LayerVersion::number);
  return at == versions.end() ? nullptr : &*at;
}

std::optional<Layer> Layers::find(const Scope& scope, const std::string& name) {
  return state_.with([&](State& state) -> std::optional<Layer> {
    auto& layers = state.layers[scope];
    const auto at = layers.find(name);
    return at == layers.end() ? std::nullopt : std::optional(at->second);
  });
}

std::optional<LayerVersion> Layers::find(const Scope& scope, const std::string& name, std::int64_t number) {
  auto layer = find(scope, name);
  const auto* version = layer ? layer->find(number) : nullptr;
  return version ? std::optional(*version) : std::nullopt;
}

std::vector<std::pair<std::string, Layer>> Layers::list(const Scope& scope) {
  return state_.with([&](State& state) {
    const auto& layers = state.layers[scope];
    return std::vector<std::pair<std::string, Layer>>(layers.begin(), layers.end());
  });
}

std::optional<AwsError> Layers::change(const Scope& scope, const std::string& name, const Edit& edit) {
  return state_.with([&](State& state) -> std::optional<AwsError> {
    auto& layers = state.layers[scope];
    const auto at = layers.find(name);
    Layer copy = at == layers.end() ? Layer{} : at->second;
    if (auto error = edit(copy)) return error;
    if (copy.last == 0) return std::nullopt;  // there was none and is none
    state.records.put(scope, name, copy);
    layers.insert_or_assign(name, std::move(copy));
    return std::nullopt;
  });
}

bool Layers::uses(std::string_view sha256_base64) {
  return state_.with([&](const State& state) {
    for (const auto& [scope, layers] : state.layers)
      for (const auto& [name, layer] : layers)
        if (std::ranges::find(layer.versions, sha256_base64, &LayerVersion::sha256_base64) !=
            layer.versions.end())
          return true;
    return false;
  });
}

void Layers::load() {
  state_.with([](State& state) {
    state.records.each([&](const Scope& scope, const std::string& name, Layer layer) {
      state.layers[scope].insert_or_assign(name, std::move(layer));
    });
  });
}

void Layers::verify(Report& report) {
  state_.with([&](const State& state) { state.records.verify(report, "layer"); });
}
}  // namespace emu::lambda
