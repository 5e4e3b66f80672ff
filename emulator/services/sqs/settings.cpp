#include "emulator/services/sqs/settings.hpp"

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/text.hpp"

namespace emu::sqs {
namespace {
class Attributes {
 public:
  explicit Attributes(const QueueRecord& record) : set_(record.Attributes) {}
  std::string_view text(const char* name) const {
    const auto it = set_.find(name);
    return it == set_.end() ? std::string_view{} : it->second;
  }
  template <class T>
  void number(const char* name, T& out) const {
    if (const auto n = number_in<std::int64_t>(text(name))) out = static_cast<T>(*n);
  }
  void seconds(const char* name, Duration& out) const {
    if (const auto n = number_in<std::int64_t>(text(name))) out = std::chrono::seconds(*n);
  }
  bool truth(const char* name) const { return text(name) == "true"; }

 private:
  const std::map<std::string, std::string>& set_;
};
}  // namespace

// maxReceiveCount is a number or its text (spec-sqs 10).
std::optional<RedrivePolicy> RedrivePolicy::parse(std::string_view text) {
  const auto json = bounded_parse(text);
  if (!json.is_object()) return std::nullopt;
  const auto arn = json.find("deadLetterTargetArn"), most = json.find("maxReceiveCount");
  if (arn == json.end() || most == json.end() || !arn->is_string()) return std::nullopt;
  RedrivePolicy out{arn->get<std::string>()};
  if (most->is_string())
    out.max_receives = number_in<std::uint32_t>(most->get_ref<const std::string&>()).value_or(0);
  else if (most->is_number_integer())
    out.max_receives = most->get<std::uint32_t>();
  return out.max_receives > 0 ? std::optional(std::move(out)) : std::nullopt;
}

Settings Settings::of(const QueueRecord& record) {
  const Attributes set(record);
  Settings out;
  set.seconds("VisibilityTimeout", out.visibility);
  set.seconds("DelaySeconds", out.delay);
  set.seconds("ReceiveMessageWaitTimeSeconds", out.wait);
  set.seconds("MessageRetentionPeriod", out.retention);
  set.number("MaximumMessageSize", out.max_bytes);
  out.fifo = set.truth("FifoQueue");
  out.content_deduplication = set.truth("ContentBasedDeduplication");
  out.deduplicates_per_group = record.DeduplicatesPerGroup;
  out.redrive = RedrivePolicy::parse(set.text("RedrivePolicy"));
  return out;
}
}  // namespace emu::sqs
