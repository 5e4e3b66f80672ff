#include "emulator/api/report.hpp"

#include <fmt/format.h>

namespace emu {
namespace {
constexpr std::size_t kMostListed = 1000;  // a directory may be damaged in every row
}

void Report::add(Defect defect) {
  ++found_;
  if (defects_.size() < kMostListed) defects_.push_back(std::move(defect));
}

std::vector<std::string> Report::lines() const {
  std::vector<std::string> out;
  for (const auto& d : defects_) out.push_back(fmt::format("{}: {}; {}", d.where, d.what, d.cure));
  if (found_ > defects_.size())
    out.push_back(fmt::format("and {} more of which nothing is listed", found_ - defects_.size()));
  std::string seen;
  for (const auto& [noun, n] : counts_) seen += fmt::format("{}{}: {}", seen.empty() ? "" : ", ", noun, n);
  const auto verdict = found_ == 0   ? "no defects"
                       : found_ == 1 ? "1 defect"
                                     : fmt::format("{} defects", found_);
  out.push_back(fmt::format("{} ({})", verdict, seen.empty() ? "the directory is empty" : seen));
  return out;
}

Json Report::document() const {
  Json out{{"sound", sound()}, {"found", found_}, {"defects", Json::array()}, {"counts", counts_}};
  for (const auto& d : defects_)
    out["defects"].push_back({{"where", d.where}, {"what", d.what}, {"cure", d.cure}});
  return out;
}
}  // namespace emu
