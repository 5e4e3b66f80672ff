// Interpreters started ahead of need (`emu up --boot-ahead N`): each has booted in the place of an
// environment that nobody has yet, and waits on its standard input to be told which function it is. Kept by
// process_host.hpp, which starts and tells them; this decides which function may have which. See
// docs/decisions/0023-booted-interpreters.md.
#pragma once
#include <vector>

#include "emulator/base/guarded.hpp"
#include "runtime-api/function.hpp"
#include "runtime-api/place.hpp"

namespace emu::runtime {
// A function, and whether its code is for its own processes only: below /tmp, which each environment has for
// itself, or with libraries, which the loader looks for where they were at its start. Made by looking at the
// file system.
struct Candidate {
  Candidate(const FunctionSpec& spec);
  Candidate(const FunctionSpec& spec, bool alone) : spec(spec), alone(alone) {}
  const FunctionSpec& spec;
  bool alone;
};

// Whether an interpreter that waits for a function like `like` can become `wanted`: nothing that it has from
// its start (heap limits, /tmp, /opt, search paths of the loader) may differ, and no variable of `wanted` may
// be one that an interpreter reads only as it starts.
bool fits(const Candidate& like, const Candidate& wanted);

class BootAhead {
 public:
  struct Booted {
    std::shared_ptr<const FunctionSpec> like;
    Place place;
    Spawned process;
    bool alone = false;  // Candidate's, since put()
  };
  struct Kind {
    std::string runtime;
    int memory_mb = 0, waiting = 0, taken = 0;
  };

  explicit BootAhead(int each) : each_(each) {}  // of a kind; 0: none at all
  std::optional<Booted> take(const FunctionSpec& spec);
  // True: too few wait that could become `spec`, and the caller starts one for put().
  bool claim(const FunctionSpec& spec);
  // Ends a claim, whatever came of it. Gives back those to be ended: the dead, and the oldest of too many.
  std::vector<Booted> put(std::optional<Booted> booted);
  std::vector<Booted> give_up();  // all of them; for the end
  std::vector<Kind> kinds() const;

 private:
  struct State {
    std::vector<Booted> waiting;  // the oldest first
    int starting = 0;
    std::map<std::pair<std::string, int>, int> taken;  // by runtime and memory
  };
  const int each_;
  mutable Guarded<State> state_;
};
// Of one that nobody became; blocking, both.
void end(const Spawned& booted);
void end(const BootAhead::Booted& booted);  // with its place
}  // namespace emu::runtime
