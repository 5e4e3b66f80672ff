// What RedrivePolicy and RedriveAllowPolicy may say (spec-sqs 10): as texts, and as regards the queue that is
// to take the dead letters.
#pragma once
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
void check_redrive(std::string_view policy);        // throws
void check_redrive_allow(std::string_view policy);  // throws

// Whether the queue may send its dead letters where the policy, which is well formed, says. Throws.
struct DeadLetterSource {
  const Scope& scope;
  std::string arn;
  bool fifo;
};
void check_dead_letter_queue(const Sqs& service, const DeadLetterSource& source, const std::string& policy);
// The queues, by name, whose policies name this one.
std::vector<SharedQueue> dead_letter_sources(const Sqs& service, const Queue& dead_letters);
}  // namespace emu::sqs
