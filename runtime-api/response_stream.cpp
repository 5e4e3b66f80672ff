#include "runtime-api/response_stream.hpp"

#include <boost/asio/this_coro.hpp>
#include <utility>

namespace emu::runtime {
namespace {
constexpr std::size_t kAhead = 256 * 1024;  // bytes a function may be ahead of its reader

void rouse(std::shared_ptr<Wakeup> waiting) {
  if (waiting) waiting->signal();
}
}  // namespace

void ResponsePipe::begin(std::string content_type) {
  rouse(state_.with([&](State& s) {
    s.content_type = std::move(content_type);
    return std::exchange(s.reader, nullptr);
  }));
}

awaitable<bool> ResponsePipe::write(std::string piece) {
  rouse(state_.with([&](State& s) {
    if (!s.abandoned) s.waiting += piece;
    return std::exchange(s.reader, nullptr);
  }));
  for (;;) {
    auto room = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    const auto [full, gone] = state_.with([&](State& s) {
      const bool wait = s.waiting.size() > kAhead && !s.abandoned;
      if (wait) s.writer = room;
      return std::pair{wait, s.abandoned};
    });
    if (!full) co_return !gone;
    co_await clock_.wait(room, kNever);
  }
}

void ResponsePipe::end(Outcome outcome) {
  rouse(state_.with([&](State& s) {
    s.outcome = std::move(outcome);
    return std::exchange(s.reader, nullptr);
  }));
}

awaitable<void> ResponsePipe::begun() {
  for (;;) {
    auto news = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    const bool known = state_.with([&](State& s) {
      if (!s.content_type && !s.outcome) s.reader = news;
      return s.content_type || s.outcome;
    });
    if (known) co_return;
    co_await clock_.wait(news, kNever);
  }
}

bool ResponsePipe::streams() {
  return state_.with([](State& s) { return s.content_type.has_value(); });
}

std::string ResponsePipe::content_type() {
  return state_.with([](State& s) { return s.content_type.value_or(""); });
}

awaitable<std::optional<std::string>> ResponsePipe::read() {
  for (;;) {
    auto news = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    std::shared_ptr<Wakeup> writer;
    std::string piece;
    const bool more = state_.with([&](State& s) {
      piece = std::exchange(s.waiting, {});
      writer = std::exchange(s.writer, nullptr);
      if (piece.empty() && !s.outcome) s.reader = news;
      return !piece.empty() || !s.outcome;
    });
    rouse(std::move(writer));
    if (!piece.empty()) co_return piece;
    if (!more) co_return std::nullopt;
    co_await clock_.wait(news, kNever);
  }
}

Outcome ResponsePipe::outcome() {
  return state_.with([](State& s) { return s.outcome.value_or(Outcome{}); });
}

void ResponsePipe::abandon() {
  rouse(state_.with([](State& s) {
    s.abandoned = true;
    s.waiting.clear();
    return std::exchange(s.writer, nullptr);
  }));
}
}  // namespace emu::runtime
