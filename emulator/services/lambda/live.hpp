// The code of one function version as it is invoked: prepared on the first invocation, replaced when its hot
// directory changed on disk. An invocation holds a shared_ptr to it, so that an update or a deletion in the
// meantime leaves the invocation alone.
#pragma once
#include <memory>

#include "emulator/base/guarded.hpp"
#include "emulator/services/lambda/code.hpp"
#include "runtime-api/invoker.hpp"

namespace emu::lambda {
class Live {
 public:
  // `spec` lacks only its task root; `layers` are those of it that are directories used in place.
  Live(runtime::FunctionSpec spec, CodeLocation code, std::vector<CodeStore::LayerWatch> layers)
      : spec_(std::move(spec)), code_(std::move(code)), layers_(std::move(layers)) {
    code_.claim.reset();  // a record names it, or will
  }
  const CodeLocation& code() const { return code_; }

  // The function to invoke now, its code as it is on disk now. The error says why the code cannot be
  // prepared, e.g. a TypeScript file that does not compile.
  static awaitable<Result<std::shared_ptr<runtime::Function>>> ready(std::shared_ptr<Live> self,
                                                                     CodeStore& store,
                                                                     runtime::Invoker& invoker);
  // How many environments are to be kept initialised; false: it is so already.
  bool want(int environments);
  // Starts or ends environments accordingly. Code that cannot be prepared is told by provisioned().
  static awaitable<void> provision(std::shared_ptr<Live> self, int environments, CodeStore& store,
                                   runtime::Invoker& invoker);
  runtime::ProvisionedView provisioned(runtime::Invoker& invoker);
  // No invocation begins with it any more; its environments end.
  void retire(runtime::Invoker& invoker);

 private:
  struct Slot {
    std::shared_ptr<runtime::Function> function;
    std::uint64_t generation = 0, layers = 0;
    bool retired = false, unprepared = false;
    int wanted = 0;  // environments kept initialised
  };
  std::uint64_t layers_generation(const CodeStore& store) const;  // another one if any of them changed

  const runtime::FunctionSpec spec_;
  CodeLocation code_;
  const std::vector<CodeStore::LayerWatch> layers_;
  Guarded<Slot> slot_;
};
}  // namespace emu::lambda
