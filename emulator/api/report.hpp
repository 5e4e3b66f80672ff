// What is wrong with a data directory, as `emu verify` prints it. Each service adds what it finds in its own
// rows (Service::verify); App adds the rows that no service answers for.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "emulator/base/json.hpp"
#include "storage/key.hpp"

namespace emu {
struct Defect {
  std::string where;  // "table Orders (us-east-1), index by_day, key {…}"
  std::string what;   // "the entry has no item"
  std::string cure;   // what to do about it
};

// The cure for what only a copy can give back.
inline constexpr const char* kRestore =
    "restore the directory from a copy, or start with another (--data DIR)";

class Report {
 public:
  // The caller looks at every row of this space.
  void covers(storage::Space space) { covered_.insert(space); }
  bool covered(storage::Space space) const { return covered_.contains(space); }
  void count(const std::string& noun, std::size_t more = 1) { counts_[noun] += more; }  // "items"
  void add(Defect defect);

  const std::vector<Defect>& defects() const { return defects_; }  // the first thousand
  std::size_t found() const { return found_; }
  bool sound() const { return found_ == 0; }
  std::vector<std::string> lines() const;  // one per defect, then a summary
  Json document() const;                   // {sound, defects: [{where, what, cure}], found, counts}

 private:
  std::set<storage::Space> covered_;
  std::map<std::string, std::size_t> counts_;
  std::vector<Defect> defects_;
  std::size_t found_ = 0;
};
}  // namespace emu
