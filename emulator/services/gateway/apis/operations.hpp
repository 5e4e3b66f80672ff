// What the operations of an HTTP API share: its refusals, its paging, finding a part by id.
#pragma once
#include <algorithm>

#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
inline AwsError bad_request(std::string message) { return {"BadRequestException", std::move(message), 400}; }
inline AwsError conflict(std::string message) { return {"ConflictException", std::move(message), 409}; }
inline AwsError absent(std::string message) { return {"NotFoundException", std::move(message), 404}; }

struct ListInput {
  std::string apiId;
  std::optional<std::string> maxResults, nextToken;
};
BOOST_DESCRIBE_STRUCT(ListInput, (), (apiId, maxResults, nextToken))

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> nextToken;
};

// Where a page begins and how much it holds, from maxResults and nextToken as given. Throws
// BadRequestException.
struct PageBounds {
  std::size_t from = 0, count = 0;
};
PageBounds page_bounds(const std::optional<std::string>& max_results,
                       const std::optional<std::string>& next_token, std::size_t size);
template <class T>
Page<T> page(std::vector<T> all, const std::optional<std::string>& max_results,
             const std::optional<std::string>& next_token) {
  const auto [from, count] = page_bounds(max_results, next_token, all.size());
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
  Page<T> out{{first, first + static_cast<std::ptrdiff_t>(count)}, std::nullopt};
  if (from + count < all.size()) out.nextToken = std::to_string(from + count);
  return out;
}

template <class All, class M, class V>
auto* find_by(All& all, M member, const V& value) {
  const auto it = std::ranges::find(all, value, member);
  return it == all.end() ? nullptr : &*it;
}

// An answer is the part itself, so that a list of parts encodes in the same way.
template <class T>
Result<T> copy_of(const T* part, const AwsError& otherwise) {
  if (!part) return otherwise;
  return *part;
}
}  // namespace emu::gateway
