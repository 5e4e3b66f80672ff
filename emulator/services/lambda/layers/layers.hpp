// The layers there are, with all their versions: what PublishLayerVersion made, on disk (Space::layers, a row
// for each layer). Owned by Lambda. The code is in the CodeStore; a function that uses a version goes on when
// the version is deleted, so functions remember what they use.
#pragma once
#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/lambda/record.hpp"

namespace emu::lambda {
// On disk under these names.
struct LayerVersion {
  std::int64_t number = 0;
  std::string description, created, sha256_base64;
  std::int64_t size_bytes = 0;
  std::optional<std::vector<std::string>> runtimes, architectures;
  std::optional<std::string> license;
  std::optional<Policy> policy;
  std::optional<std::string> directory;  // of a layer used in place
};
BOOST_DESCRIBE_STRUCT(LayerVersion, (),
                      (number, description, created, sha256_base64, size_bytes, runtimes, architectures,
                       license, policy, directory))
struct Layer {
  std::int64_t last = 0;               // number, never reused
  std::vector<LayerVersion> versions;  // in order
  LayerVersion* find(std::int64_t number);
};
BOOST_DESCRIBE_STRUCT(Layer, (), (last, versions))

class Layers {
 public:
  explicit Layers(storage::Engine& disk) : state_(State{Records<Layer>(disk, storage::Space::layers), {}}) {}
  std::optional<Layer> find(const Scope& scope, const std::string& name);
  std::optional<LayerVersion> find(const Scope& scope, const std::string& name, std::int64_t number);
  std::vector<std::pair<std::string, Layer>> list(const Scope& scope);  // by name
  // Edits a copy, writes it, then shows it; an error changes nothing. A layer that is new is empty before.
  using Edit = std::function<std::optional<AwsError>(Layer& copy)>;
  std::optional<AwsError> change(const Scope& scope, const std::string& name, const Edit& edit);
  bool uses(std::string_view sha256_base64);
  void load();
  void verify(Report& report);

 private:
  struct State {
    Records<Layer> records;
    std::map<Scope, std::map<std::string, Layer>> layers;
  };
  Guarded<State> state_;
};
}  // namespace emu::lambda
