// The checks on an event before a function sees it (spec-lambda D.1): size and being JSON, without building a
// document. Used by Invoke, InvokeAsync and deliveries.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu::lambda {
inline constexpr std::size_t kSyncPayload = 6'291'456;
inline constexpr std::size_t kAsyncPayload = 1'048'576;  // 256 KB before October 2025
inline constexpr std::size_t kInvokeAsyncPayload = 262'144;

std::optional<AwsError> check_size(std::string_view payload, std::size_t limit);
std::optional<AwsError> check_json(std::string_view payload);
}  // namespace emu::lambda
