#include "storage/rocks_engine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/std.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <unistd.h>

#include <atomic>
#include <optional>

#include "storage/appended_rows.hpp"
#include "storage/log_syncer.hpp"

namespace emu::storage {
namespace {
// On disk: raise when an older emu could misread what this one writes (docs/storage-format.md).
constexpr int kFormat = 1;

// RocksDB's own log: nobody reads it, and when the disk is full its second line aborts the process.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::Options options() {
  rocksdb::Options o;
  o.info_log = std::make_shared<NoLog>();
  o.create_if_missing = true;
  // Room, so that a burst of writes does not stall the loops: 4 memtables of 64 MB, taken only when used.
  o.write_buffer_size = 64 << 20;
  o.max_write_buffer_number = 4;
  o.arena_block_size = 256 << 10;
  o.memtable_insert_with_hint_prefix_extractor = std::make_shared<AppendedRows>();
  o.max_background_jobs = 2;
  o.max_open_files = 256;
  o.max_file_opening_threads = 1;  // sixteen otherwise, at every start
  o.stats_dump_period_sec = 0;
  o.stats_persist_period_sec = 0;
  o.avoid_flush_during_shutdown = true;  // the log has it; replay is faster than a flush at Ctrl-C
  o.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(64 << 20, 2);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return o;
}

[[noreturn]] void refuse(const std::filesystem::path& directory, const rocksdb::Status& status) {
  const auto text = status.ToString();
  if (text.find("lock") != text.npos && text.find("Permission denied") == text.npos)
    throw CannotOpen(
        fmt::format("data directory {} is in use by another emu; stop it (emu down) or give another "
                    "directory (--data DIR)",
                    directory.string()));
  // The whole text names a file of RocksDB's; what to do is the same for each.
  for (const char* why : {"Permission denied", "Read-only file system", "No space left on device"})
    if (text.find(why) != text.npos)
      throw CannotOpen(fmt::format("cannot write data directory {}: {}; give a writable one (--data DIR)",
                                   directory.string(), why));
  if (status.IsCorruption() || status.IsInvalidArgument())
    throw CannotOpen(
        fmt::format("data directory {} is damaged ({}); restore it or start with another (--data DIR)",
                    directory.string(), text));
  throw CannotOpen(fmt::format("cannot open data directory {}: {}", directory.string(), text));
}

void must(const rocksdb::Status& status) {
  if (!status.ok()) throw std::runtime_error("storage: " + status.ToString());
}
rocksdb::Slice slice(BytesView v) { return {v.data(), v.size()}; }
BytesView view(const rocksdb::Slice& s) { return {s.data(), s.size()}; }

Key format_key() { return Key(Space::meta).text("format"); }
void check_format(const std::filesystem::path& directory, BytesView format) {
  if (format == std::to_string(kFormat)) return;
  throw CannotOpen(fmt::format(
      "data directory {} has format {}, written by a newer emu; this one reads format {}; use that "
      "emu, or another directory (--data DIR)",
      directory.string(), format, kFormat));
}

// While it lives no daemon can open the directory. RocksDB locks its file LOCK so, but not for readers.
class ReadLock {
 public:
  explicit ReadLock(const std::filesystem::path& directory)
      : file_(::open((directory / "LOCK").c_str(), O_RDONLY | O_CLOEXEC)) {
    flock wanted{};
    wanted.l_type = F_RDLCK;
    if (file_ < 0 || ::fcntl(file_, F_OFD_SETLK, &wanted) == 0) return;
    ::close(file_);
    refuse(directory, rocksdb::Status::IOError("lock"));
  }
  ~ReadLock() {
    if (file_ >= 0) ::close(file_);
  }
  ReadLock(const ReadLock&) = delete;

 private:
  int file_;
};
}  // namespace

struct RocksEngine::Open {
  std::optional<ReadLock> lock;  // open_to_read only
  std::unique_ptr<rocksdb::DB> db;
  Durability durability = Durability::process;
  // The log could not be written, e.g. for want of space: RocksDB takes no more writes until there is
  // some, and aborts the process if it is asked to sync that log.
  std::atomic<bool> broken = false;
  std::optional<LogSyncer> syncer;  // last: it uses the others

  rocksdb::Status wrote(rocksdb::Status status) {
    broken = !status.ok() && !status.IsNotSupported();  // which is the answer of one opened to be read
    return status;
  }
  template <class Change>
  void write(Change change) {
    if (syncer) syncer->begin();
    const auto status = wrote(change());
    if (syncer) status.ok() ? syncer->succeeded() : syncer->failed();
    must(status);
  }
  void start_syncer() {
    syncer.emplace([this] { return !broken && wrote(db->SyncWAL()).ok(); });
  }
};

RocksEngine::RocksEngine(std::unique_ptr<Open> open) : open_(std::move(open)) {}

RocksEngine::RocksEngine(const std::filesystem::path& directory, Durability durability)
    : open_(std::make_unique<Open>()) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    throw CannotOpen(fmt::format("cannot create data directory {}: {}; give a writable one (--data DIR)",
                                 directory.string(), failed.message()));
  rocksdb::DB* db = nullptr;
  if (const auto status = rocksdb::DB::Open(options(), directory.string(), &db); !status.ok())
    refuse(directory, status);
  open_->db.reset(db);
  open_->durability = durability;
  open_->start_syncer();
  if (const auto format = get(format_key().bytes()); format) {
    check_format(directory, *format);
  } else {
    Batch batch;
    batch.put(format_key(), std::to_string(kFormat));
    write(batch);
  }
}

std::unique_ptr<Engine> RocksEngine::open_to_read(const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "CURRENT"))
    throw CannotOpen(
        fmt::format("no data directory of emu's at {}; name it with --data DIR", directory.string()));
  auto open = std::make_unique<Open>();
  open->lock.emplace(directory);
  rocksdb::DB* db = nullptr;
  // Replays the log in memory and writes nothing.
  if (const auto status = rocksdb::DB::OpenForReadOnly(options(), directory.string(), &db); !status.ok())
    refuse(directory, status);
  open->db.reset(db);
  std::unique_ptr<Engine> engine(new RocksEngine(std::move(open)));
  if (const auto format = engine->get(format_key().bytes()); format) check_format(directory, *format);
  return engine;
}

RocksEngine::~RocksEngine() {
  open_->syncer.reset();
  if (open_->broken) {
    static_cast<void>(open_->db.release());  // closing syncs, too; what was acknowledged is in the log
    return;
  }
  if (open_->db) open_->db->Close();
}

std::optional<Bytes> RocksEngine::get(BytesView key) const {
  rocksdb::PinnableSlice value;
  const auto status = open_->db->Get({}, open_->db->DefaultColumnFamily(), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  must(status);
  return Bytes(value.data(), value.size());
}

void RocksEngine::write(const Batch& batch) {
  rocksdb::WriteBatch changes;
  for (const auto& change : batch.changes)
    must(change.value ? changes.Put(slice(change.key), slice(*change.value))
                      : changes.Delete(slice(change.key)));
  open_->write([&] { return open_->db->Write({}, &changes); });
}

void RocksEngine::scan(const Range& range, const Visit& visit) const {
  rocksdb::ReadOptions read;
  const auto to = slice(range.to);
  if (!range.to.empty()) read.iterate_upper_bound = &to;
  const std::unique_ptr<rocksdb::Iterator> it(open_->db->NewIterator(read));
  for (it->Seek(slice(range.from)); it->Valid() && visit(view(it->key()), view(it->value())); it->Next()) {
  }
  must(it->status());
}

void RocksEngine::scan_reverse(const Range& range, const Visit& visit) const {
  rocksdb::ReadOptions read;
  const auto from = slice(range.from), to = slice(range.to);
  read.iterate_lower_bound = &from;
  if (!range.to.empty()) read.iterate_upper_bound = &to;
  const std::unique_ptr<rocksdb::Iterator> it(open_->db->NewIterator(read));
  for (it->SeekToLast(); it->Valid() && visit(view(it->key()), view(it->value())); it->Prev()) {
  }
  must(it->status());
}

void RocksEngine::erase(const Range& range) {
  // DeleteRange wants an end: no key begins with Space 0xff.
  const Bytes to = range.to.empty() ? Bytes("\xff") : range.to;
  rocksdb::WriteBatch batch;
  Bytes from = range.from;
  if (AppendedRows().InDomain(from)) {  // the first by itself, then all behind it: see there
    must(batch.Delete(from));
    from.push_back('\0');
  }
  must(batch.DeleteRange(slice(from), slice(to)));
  open_->write([&] { return open_->db->Write({}, &batch); });
}

bool RocksEngine::durable() const {
  return open_->durability == Durability::process || open_->syncer->durable();
}

void RocksEngine::when_durable(std::function<void(bool forced)> then) {
  if (durable()) return then(true);
  open_->syncer->when_durable(std::move(then));
}
}  // namespace emu::storage
