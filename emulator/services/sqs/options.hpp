// What the user decides about SQS as a whole: how its URLs look, and whether rules hold that make AWS slow to
// test against. Set once, before the first request. Needs nothing of the service, so that the command line
// can include it.
#pragma once

namespace emu::sqs {
// spec-sqs 1.3. Whatever is written, every form is read.
enum class UrlStrategy {
  dynamic,   // the host that the request went to, and the region where the host does not say it
  standard,  // http://sqs.eu-west-1.localhost:4566/000000000000/q
  domain,    // http://eu-west-1.queue.localhost:4566/000000000000/q
  path,      // http://localhost:4566/queue/eu-west-1/000000000000/q
  legacy,    // http://localhost:4566/000000000000/q
};

struct Options {
  UrlStrategy urls = UrlStrategy::dynamic;
  bool sixty_seconds = false;  // Limits::sixty_seconds
};
}  // namespace emu::sqs
