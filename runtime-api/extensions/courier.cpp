#include "runtime-api/extensions/courier.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "emulator/base/waiters.hpp"
#include "emulator/http/client.hpp"

namespace emu::runtime {
namespace {
using boost::asio::ip::tcp;
constexpr Duration kAgain = std::chrono::milliseconds(100);  // after a delivery that failed
constexpr Duration kPatience = std::chrono::seconds(2);      // with a receiver that does not answer
constexpr int kTries = 5;  // of one batch: a receiver that went away for good must not hold up the rest

std::string joined(const std::vector<std::string>& batch, std::string_view between) {
  std::string out;
  for (const auto& event : batch) {
    if (!out.empty()) out += between;
    out += event;
  }
  return out;
}

bool is_name(std::string_view host) {  // of the environment itself
  return host == "sandbox.localdomain" || host == "sandbox" || host == "localhost";
}
}  // namespace

struct Courier::State {
  State(Clock& c, asio::any_io_executor l) : clock(c), loop(std::move(l)) {}
  Clock& clock;
  const asio::any_io_executor loop;
  std::string address = "127.0.0.1";
  bool frozen = false, hurried = false, stopped = false;
  int on_the_way = 0;
  Waiters waiting;
  std::vector<std::weak_ptr<tcp::socket>> links;  // each of a coroutine, whose end nobody here may see

  // Receivers listen at the environment's own address, or at all of them; who insists on 127.0.0.1 is found,
  // too.
  std::vector<std::string> addresses(const Destination& to) const {
    if (!is_name(to.host)) return {to.host};
    if (address == "127.0.0.1") return {address};
    return {address, "127.0.0.1"};
  }
};

namespace {
awaitable<bool> post(const Destination& to, const std::vector<std::string>& addresses,
                     const std::vector<std::string>& batch) {
  http::Request request{.method = "POST", .target = to.path};
  request.headers.add("Content-Type", "application/json");
  request.body = "[" + joined(batch, ",") + "]";
  for (const auto& address : addresses) {
    const auto status = co_await http::send(address, to.port, request, kPatience);
    if (status != http::kNobody) co_return status > 0 && status < 500;
  }
  co_return false;
}

awaitable<bool> connect(tcp::socket& link, std::uint16_t port, const std::vector<std::string>& addresses) {
  for (const auto& address : addresses) {
    boost::system::error_code failed;
    const auto ip = asio::ip::make_address(address, failed);
    if (failed) continue;
    link.close(failed);
    co_await link.async_connect({ip, port}, asio::redirect_error(asio::use_awaitable, failed));
    if (!failed) co_return true;
  }
  co_return false;
}

awaitable<bool> write_lines(tcp::socket& link, const Destination& to,
                            const std::vector<std::string>& addresses,
                            const std::vector<std::string>& batch) {
  if (!link.is_open()) {
    const bool connected = co_await connect(link, to.port, addresses);
    if (!connected) co_return false;
  }
  boost::system::error_code failed;
  const auto lines = joined(batch, "\n") + "\n";
  co_await asio::async_write(link, asio::buffer(lines), asio::redirect_error(asio::use_awaitable, failed));
  if (failed) link.close(failed);
  co_return !failed;
}
}  // namespace

Courier::Courier(Clock& clock, asio::any_io_executor loop)
    : state_(std::make_shared<State>(clock, std::move(loop))) {}

void Courier::address(std::string loopback) { state_->address = std::move(loopback); }

void Courier::begin(std::shared_ptr<Telemetry::Subscriber> subscriber) {
  asio::co_spawn(state_->loop, serve(state_, std::move(subscriber)), [state = state_](std::exception_ptr) {});
}

void Courier::look() { state_->waiting.wake_all(); }

void Courier::rest(bool frozen) {
  state_->frozen = frozen;
  if (!frozen) state_->waiting.wake_all();
}

void Courier::hurry() {
  state_->hurried = true;
  state_->waiting.wake_all();
}

void Courier::stop() {
  state_->stopped = true;
  boost::system::error_code ignored;
  for (const auto& weak : state_->links)
    if (const auto link = weak.lock()) link->close(ignored);
  state_->waiting.wake_all();
}

void Courier::restart() {
  stop();
  auto fresh = std::make_shared<State>(state_->clock, state_->loop);
  fresh->address = state_->address;
  state_ = std::move(fresh);
}

bool Courier::delivering() const { return state_->on_the_way > 0; }

awaitable<void> Courier::serve(std::shared_ptr<State> state,
                               std::shared_ptr<Telemetry::Subscriber> subscriber) {
  const auto link = std::make_shared<tcp::socket>(state->loop);
  state->links.push_back(link);
  const auto& to = subscriber->asked.destination;
  for (int failed = 0; !state->stopped;) {
    const Time now = state->clock.now();
    const Time due = state->hurried && !subscriber->waiting.empty() ? now : Telemetry::due(*subscriber);
    if (state->frozen || due > now) {
      co_await state->waiting.wait(state->clock, state->loop, state->frozen ? kNever : due);
      continue;
    }
    auto batch = Telemetry::take(*subscriber, now);
    const auto addresses = state->addresses(to);
    ++state->on_the_way;
    const bool brought = to.protocol == Destination::Protocol::http
                             ? co_await post(to, addresses, batch)
                             : co_await write_lines(*link, to, addresses, batch);
    --state->on_the_way;
    if (brought || ++failed == kTries) {
      failed = 0;
      continue;
    }
    Telemetry::put_back(*subscriber, std::move(batch));
    co_await state->clock.sleep(kAgain);
  }
}
}  // namespace emu::runtime
