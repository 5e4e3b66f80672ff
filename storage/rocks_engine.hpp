// The engine of `emu up`: RocksDB in a data directory, one directory per daemon. A write is on its way to the
// disk's log before it returns, so it survives kill -9; a background thread forces the log to the medium
// every 100 ms, so a power cut loses no more than that.
#pragma once
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "storage/engine.hpp"

namespace emu::storage {
// Why a data directory cannot be opened, in one line that says what to do.
struct CannotOpen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class RocksEngine final : public Engine {
 public:
  explicit RocksEngine(const std::filesystem::path& directory);  // throws CannotOpen
  ~RocksEngine() override;
  std::optional<Bytes> get(BytesView key) const override;
  void write(const Batch& batch) override;
  void scan(const Range& range, const Visit& visit) const override;
  void scan_reverse(const Range& range, const Visit& visit) const override;
  void erase(const Range& range) override;

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};
}  // namespace emu::storage
