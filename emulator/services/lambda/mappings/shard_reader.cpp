#include "emulator/services/lambda/mappings/shard_reader.hpp"

#include <boost/asio/detached.hpp>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/mappings/stream_runner.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kAhead = 2;  // ours: batches a lane has waiting before no more is read
}  // namespace

ShardReader::ShardReader(StreamRunner& runner, StreamSource& source, std::string shard)
    : runner_(runner),
      source_(source),
      shard_(std::move(shard)),
      mapping_(runner.mapping()),
      filters_(mapping_->filters) {}

Lane::Env ShardReader::environment() { return {runner_, shard_, progress_}; }

bool ShardReader::start() {
  const auto stored = runner_.lambda().mappings.checkpoint(runner_.scope(), *mapping_, shard_);
  if (stored && stored->ended) return false;
  if (stored) checkpoint_ = *stored;
  // A window that was open when windows were switched off is never told its end, nor waited for.
  if (mapping_->stream->tumbling_window_s == 0) checkpoint_.window.reset();
  if (checkpoint_.position.empty()) {
    const bool latest = mapping_->stream->starting_position == "LATEST";
    auto position = source_.position(mapping_->source_arn, shard_,
                                     latest ? StreamSource::Start::latest : StreamSource::Start::oldest);
    if (!position) throw std::move(position.error());
    checkpoint_.position = std::move(*position);
  }
  position_ = checkpoint_.position;
  const auto lanes = mapping_->stream->tumbling_window_s > 0 ? 1 : mapping_->stream->parallelization;
  for (int i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>(environment(), checkpoint_.window));
  return true;
}

awaitable<bool> ShardReader::run() {
  bool finished = false;
  std::exception_ptr fault;
  try {
    finished = co_await follow();
  } catch (...) {
    fault = std::current_exception();
  }
  co_await drain();  // lanes that are with the function refer to this
  if (fault) std::rethrow_exception(fault);
  co_return finished;
}

awaitable<bool> ShardReader::follow() {
  if (!start()) co_return true;
  while (going()) {  // other settings begin with other lanes
    const bool more = wants_more() && co_await read();
    dispatch(co_await asio::this_coro::executor);
    if (ended_ && progress_.idle() && !checkpoint_.window) {
      checkpoint_.ended = true;
      save();
      co_return true;
    }
    if (!more) co_await wait();
  }
  co_return false;
}

bool ShardReader::wants_more() const {
  if (ended_) return false;
  std::size_t waiting = 0;
  for (const auto& lane : lanes_) waiting += lane->waiting();
  return waiting < kAhead * lanes_.size() * static_cast<std::size_t>(mapping_->batch_size);
}

awaitable<bool> ShardReader::read() {
  auto page = co_await source_.read(mapping_->source_arn, shard_, position_,
                                    static_cast<std::size_t>(mapping_->batch_size));
  if (!page && page.error().code == "TrimmedDataAccessException") {
    const auto oldest = source_.position(mapping_->source_arn, shard_, StreamSource::Start::oldest);
    if (oldest) position_ = *oldest;
    co_return oldest && true;
  }
  if (!page && page.error().code == "ResourceNotFoundException") {  // gone, and all there was in it
    ended_ = true;
    co_return false;
  }
  if (!page) throw std::move(page.error());
  const auto now = runner_.lambda().clock.now();
  StreamRecords passed;
  for (const auto& record : page->records)
    if (filters_.pass_change(record)) passed.push_back(stream_record(record, now));
  const bool moved = page->next != position_;
  position_ = page->next;
  ended_ = page->ended;
  if (!page->records.empty() || moved) {
    const auto mark = progress_.read(position_, passed.size());
    for (auto& record : passed) {
      record.page = mark;
      auto& lane = *lanes_[record.order % lanes_.size()];
      lane.add(std::move(record));
    }
    save();
  }
  co_return !page->records.empty();
}

void ShardReader::dispatch(const asio::any_io_executor& loop) {
  const auto now = runner_.lambda().clock.now();
  for (const auto& lane : lanes_) {
    if (!lane->ready(*mapping_, now)) continue;
    lane->take(mapping_, now);
    const auto work = [](ShardReader& self, Lane& busy) -> awaitable<void> {
      if (!co_await busy.handle()) self.undone_ = true;
      self.save();
      self.runner_.wake();
    };
    asio::co_spawn(loop, work(*this, *lane), asio::detached);
  }
}

void ShardReader::save() {
  auto position = progress_.advance();
  const auto& lane = *lanes_.front();
  // A state is kept with the position up to which it counts, lest a restart count records twice.
  const bool turned = lane.window().has_value() != checkpoint_.window.has_value() && !lane.busy() &&
                      progress_.between_pages();
  if (!position && !turned && !checkpoint_.ended) return;
  if (position) checkpoint_.position = std::move(*position);
  checkpoint_.window = lane.window();
  try {
    runner_.lambda().mappings.save(runner_.scope(), *mapping_, shard_, checkpoint_);
  } catch (const std::exception& e) {  // a full disk: after a restart some is read again
    log_fault("the checkpoint of a stream", e.what());
  }
}

awaitable<void> ShardReader::wait() {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  runner_.interrupted_by_change(wakeup);
  const auto now = runner_.lambda().clock.now();
  Time until = kNever;
  bool ready = !going();
  for (const auto& lane : lanes_) {
    until = std::min(until, lane->due(*mapping_));
    ready = ready || lane->ready(*mapping_, now);
  }
  if (ready || (ended_ && progress_.idle() && !checkpoint_.window)) co_return;
  if (wants_more()) static_cast<void>(source_.notify(mapping_->source_arn, shard_, position_, wakeup));
  co_await runner_.lambda().clock.wait(wakeup, until);
}

// What is with the function ends; what waits for its next attempt does not get it.
awaitable<void> ShardReader::drain() {
  for (;;) {
    auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
    runner_.interrupted_by_change(wakeup);
    bool busy = false;
    for (const auto& lane : lanes_) {
      lane->interrupt();
      busy = busy || lane->busy();
    }
    if (!busy) co_return;
    co_await runner_.lambda().clock.wait(wakeup, kNever);
  }
}
}  // namespace emu::lambda
