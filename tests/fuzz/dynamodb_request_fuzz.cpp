// Any bytes as a DynamoDB request: the operation's name on the first line, the body after it. Half of the
// mutations keep the body a document.
#include <cstdlib>
#include <cstring>

#include "tests/fuzz/dynamodb_door.hpp"

extern "C" std::size_t LLVMFuzzerMutate(unsigned char* data, std::size_t size, std::size_t most);

namespace {
using namespace emu;
using namespace emu::test;

Asked split(std::string_view bytes) {
  const auto line = std::min(bytes.find('\n'), bytes.size());
  return {std::string(bytes.substr(0, line)), std::string(bytes.substr(std::min(bytes.size(), line + 1)))};
}
}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(unsigned char* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  Damage damage(seed);
  auto asked = split({reinterpret_cast<const char*>(data), size});
  auto document = Json::parse(asked.body, nullptr, false);
  if (size < 4 || damage.one_in(100)) {
    const auto& recipe = damage.any(kRecipes);
    asked = {std::string(recipe.operation), std::string(recipe.input)};
  } else if (!document.is_discarded() && damage.one_in(2)) {
    damage.document(document);
    asked.body = json_text(document);
  } else {
    return LLVMFuzzerMutate(data, size, most);
  }
  const auto bytes = asked.operation + "\n" + asked.body;
  const auto kept = std::min(bytes.size(), most);
  std::memcpy(data, bytes.data(), kept);
  return kept;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  constexpr int kRenewedAfter = 1000;  // what is stored stays small
  static std::optional<DynamoDoor> door;
  static int requests = 0;
  if (requests++ % kRenewedAfter == 0) door.emplace();
  auto asked = split({reinterpret_cast<const char*>(data), size});
  if (const auto fault = fault_of(door->send(std::move(asked))); !fault.empty()) {
    fmt::print(stderr, "{}\n", fault);
    std::abort();
  }
  return 0;
}
