#include "emulator/services/lambda/lineage.hpp"

#include <fmt/format.h>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"

namespace emu::lambda {
namespace {
constexpr std::string_view kField = "Lineage=";
constexpr std::size_t kLongest = 1024;  // of the field: what is longer has been made up

std::string hash_of(std::string_view arn) { return hex(sha256(arn)).substr(0, 8); }

// The field's value and what stands around it.
struct Parts {
  std::string_view before, lineage, after;
};
Parts parts_of(std::string_view trace) {
  for (std::size_t at = 0; at < trace.size();) {
    const auto end = std::min(trace.find(';', at), trace.size());
    if (trace.substr(at).starts_with(kField))
      return {trace.substr(0, at), trace.substr(at + kField.size(), end - at - kField.size()),
              trace.substr(end)};
    at = end + 1;
  }
  return {trace, {}, {}};
}

// visit(entry, count) for every "hash:count".
template <class F>
void each_entry(std::string_view lineage, F visit) {
  while (!lineage.empty()) {
    const auto entry = lineage.substr(0, lineage.find('|'));
    lineage.remove_prefix(std::min(lineage.size(), entry.size() + 1));
    visit(entry);
  }
}

int count_in(std::string_view entry, std::string_view hash) {
  if (entry.size() <= hash.size() + 1 || !entry.starts_with(hash) || entry[hash.size()] != ':') return -1;
  return number_in<int>(entry.substr(hash.size() + 1)).value_or(-1);
}
}  // namespace

int visits(std::string_view trace, std::string_view function_arn) {
  const auto lineage = parts_of(trace).lineage;
  if (lineage.empty()) return 0;
  const auto hash = hash_of(function_arn);
  int out = 0;
  each_entry(lineage, [&](std::string_view entry) { out = std::max(out, count_in(entry, hash)); });
  return out;
}

std::string visited(std::string_view trace, std::string_view function_arn) {
  const auto [before, lineage, after] = parts_of(trace);
  const auto hash = hash_of(function_arn);
  std::string entries;
  int count = 0;
  if (lineage.size() <= kLongest)
    each_entry(lineage, [&](std::string_view entry) {
      if (const int own = count_in(entry, hash); own >= 0)
        count = std::max(count, own);
      else
        entries += fmt::format("{}|", entry);
    });
  const auto gap = before.empty() || before.ends_with(';') ? "" : ";";
  return fmt::format("{}{}{}{}{}:{}{}", before, gap, kField, entries, hash, std::min(count, kMostVisits) + 1,
                     after);
}
}  // namespace emu::lambda
