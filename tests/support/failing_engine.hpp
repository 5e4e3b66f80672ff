// An engine over another one that fails at a chosen change, as a disk that is full or a daemon that is killed
// there: what came before it is on the disk, it and what follows is not.
#pragma once
#include <stdexcept>

#include "storage/engine.hpp"

namespace emu::test {
struct DiskFailed : std::runtime_error {
  DiskFailed() : std::runtime_error("the disk fails, as the test wants it") {}
};

class FailingEngine final : public storage::Engine {
 public:
  explicit FailingEngine(storage::Engine& over) : over_(over) {}
  void fail_after(int changes) { left_ = changes; }  // write() and erase() count alike
  void recover() { left_.reset(); }
  bool failed() const { return left_ && *left_ < 0; }

  std::optional<storage::Bytes> get(storage::BytesView key) const override { return over_.get(key); }
  void scan(const storage::Range& range, const storage::Visit& visit) const override {
    over_.scan(range, visit);
  }
  void scan_reverse(const storage::Range& range, const storage::Visit& visit) const override {
    over_.scan_reverse(range, visit);
  }
  void write(const storage::Batch& batch) override {
    spend();
    over_.write(batch);
  }
  void erase(const storage::Range& range) override {
    spend();
    over_.erase(range);
  }

 private:
  void spend() {
    if (left_ && --*left_ < 0) throw DiskFailed();
  }
  storage::Engine& over_;
  std::optional<int> left_;
};
}  // namespace emu::test
