// The engine of `emu up`: RocksDB in a data directory, one directory per daemon. A write is on its way to the
// disk's log before it returns, so it survives kill -9; a background thread forces the log to the medium, as
// often as Durability says. Why so: docs/decisions/0009-durability.md.
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

enum class Durability {
  process,  // every 100 ms: a power cut loses no more than that
  sync,     // at once when somebody waits in when_durable(), and for all who come meanwhile together
};

class RocksEngine final : public Engine {
 public:
  // Both throw CannotOpen.
  explicit RocksEngine(const std::filesystem::path& directory, Durability durability = Durability::process);
  // To look at a directory that no daemon has open, and to change nothing in it: write() and erase() throw.
  static std::unique_ptr<Engine> open_to_read(const std::filesystem::path& directory);
  ~RocksEngine() override;
  std::optional<Bytes> get(BytesView key) const override;
  void write(const Batch& batch) override;
  void scan(const Range& range, const Visit& visit) const override;
  void scan_reverse(const Range& range, const Visit& visit) const override;
  void erase(const Range& range) override;
  bool durable() const override;
  void when_durable(std::function<void(bool forced)> then) override;

 private:
  struct Open;
  explicit RocksEngine(std::unique_ptr<Open> open);
  std::unique_ptr<Open> open_;
};
}  // namespace emu::storage
