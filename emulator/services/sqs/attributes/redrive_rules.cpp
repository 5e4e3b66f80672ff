#include "emulator/services/sqs/attributes/redrive_rules.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
namespace {
constexpr std::int64_t kMostReceives = 1000;
constexpr std::size_t kMostSources = 10;
constexpr std::string_view kTarget = "deadLetterTargetArn", kReceives = "maxReceiveCount";

[[noreturn]] void refuse(std::string_view policy, std::string_view reason) {
  throw invalid_value(policy, "RedrivePolicy", reason);
}
[[noreturn]] void refuse_allow(std::string_view policy, std::string_view reason) {
  throw invalid_value(policy, "RedriveAllowPolicy",
                      fmt::format("Amazon SQS can't create the redrive allow policy. {}", reason));
}

// A number, or the text of one.
std::optional<std::int64_t> whole(const Json& value) {
  if (value.is_number_integer()) return number_in<std::int64_t>(value.dump());
  return value.is_string() ? number_in<std::int64_t>(value.get_ref<const std::string&>()) : std::nullopt;
}

void check_receives(std::string_view policy, const Json& value) {
  const auto number = whole(value);
  if (number && *number >= 1 && *number <= kMostReceives) return;
  refuse(policy,
         fmt::format("Invalid value for maxReceiveCount: {}, valid values are from 1 to 1000 both inclusive.",
                     value.is_string() ? value.get<std::string>() : json_text(value)));
}

bool allows(const Json& policy, const std::string& source_arn) {
  const auto permission = policy.value("redrivePermission", "allowAll");
  if (permission != "byQueue") return permission == "allowAll";
  const auto arns = policy.value("sourceQueueArns", Json::array());
  return std::ranges::any_of(arns, [&](const Json& arn) { return arn == source_arn; });
}
}  // namespace

void check_redrive(std::string_view policy) {
  const auto map = bounded_parse(policy);
  if (!map.is_object())
    throw AwsError{
        "InvalidAttributeValue",
        "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map."};
  for (const auto name : {kTarget, kReceives})
    if (!map.contains(name))
      refuse(policy, fmt::format("Redrive policy does not contain mandatory attribute: {}.", name));
  check_receives(policy, map[kReceives]);
  const auto& target = map[kTarget];
  const auto arn = target.is_string() ? Arn::parse(target.get_ref<const std::string&>()) : std::nullopt;
  if (!arn || arn->service != "sqs")
    refuse(policy, "Only SQS queues are valid resources for deadLetterTargetArn.");
  if (map.size() > 2)
    refuse(policy, "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].");
}

void check_redrive_allow(std::string_view policy) {
  const auto map = bounded_parse(policy);
  const auto permission = map.is_object() ? map.value("redrivePermission", Json()) : Json();
  const auto arns = map.is_object() ? map.value("sourceQueueArns", Json()) : Json();
  const bool by_queue = permission == "byQueue";
  const bool texts = arns.is_null() || (arns.is_array() && std::ranges::all_of(arns, &Json::is_string));
  if ((permission != "allowAll" && permission != "denyAll" && !by_queue) || !texts)
    throw AwsError{"InvalidAttributeValue",
                   "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the "
                   "redrive allow policy, as it\xE2\x80\x99s in an unsupported format."};
  if (by_queue && arns.empty())
    refuse_allow(policy,
                 "When you specify the byQueue permission type, you must also specify one or more "
                 "sourceQueueArns values.");
  if (arns.size() > kMostSources)
    refuse_allow(policy, "The maximum number of source queue ARNs you can specify is 10.");
  if (!by_queue && !arns.empty())
    refuse_allow(policy,
                 "To specify one or more source queue ARNs, you must set redrivePermission to byQueue.");
}

void check_dead_letter_queue(const Sqs& service, const DeadLetterSource& source, const std::string& policy) {
  const auto redrive = RedrivePolicy::parse(policy);
  if (!redrive) return;
  const auto arn = Arn::parse(redrive->arn);
  if (!arn) return;
  if (arn->resource.ends_with(".fifo") != source.fifo)
    refuse(policy, "Dead-letter queue must be same type of queue as the source..");
  if (arn->account != source.scope.account)
    refuse(policy, "Dead-letter target owner should be same as the source.");
  const auto target = arn->region == source.scope.region ? service.queues.find(redrive->arn) : nullptr;
  if (!target) refuse(policy, "Dead letter target does not exist.");
  const auto record = target->record();
  const auto allow = record.Attributes.find("RedriveAllowPolicy");
  if (allow != record.Attributes.end() && !allows(Json::parse(allow->second), source.arn))
    refuse(policy, fmt::format("Queue {} does not allow {} to use it as a dead-letter queue.", redrive->arn,
                               source.arn));
}

std::vector<SharedQueue> dead_letter_sources(const Sqs& service, const Queue& dead_letters) {
  auto queues = service.queues.in(dead_letters.scope);
  std::erase_if(queues, [&](const SharedQueue& queue) {
    const auto settings = queue->settings();
    return !settings->redrive || settings->redrive->arn != dead_letters.arn;
  });
  return queues;
}
}  // namespace emu::sqs
