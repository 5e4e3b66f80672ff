#include "emulator/services/sqs/permissions/policy.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
namespace {
using Document = nlohmann::ordered_json;  // members stay as they were written
constexpr std::size_t kMostStatements = 20;

bool is_policy(const Document& policy) {
  if (!policy.is_object() || !policy.contains("Statement")) return false;
  const auto& statement = policy["Statement"];
  const auto fits = [](const Document& s) { return s.is_object() && s.contains("Effect"); };
  return fits(statement) || (statement.is_array() && std::ranges::all_of(statement, fits));
}

// One is written alone, several as a list.
Document one_or_list(const std::vector<std::string>& texts) {
  return texts.size() == 1 ? Document(texts.front()) : Document(texts);
}

Document statements(const Document& policy) {
  const auto it = policy.find("Statement");
  if (it == policy.end()) return Document::array();
  return it->is_array() ? *it : Document::array({*it});
}

bool labelled(const Document& statement, const std::string& label) {
  const auto sid = statement.find("Sid");
  return sid != statement.end() && *sid == label;
}
}  // namespace

void check_policy(std::string_view text) {
  const auto policy = bounded_parse<Document>(text);
  if (!is_policy(policy)) throw AwsError{"InvalidAttributeValue", "Invalid value for the parameter Policy."};
  if (const auto count = statements(policy).size(); count > kMostStatements)
    throw AwsError{"OverLimit",
                   fmt::format("{} statements were found in the submitted policy, max allowed is 20", count)};
}

std::string with_grant(const std::string& text, const std::string& queue_arn, const Grant& grant) {
  Document policy;
  if (text.empty())
    policy = {{"Version", "2008-10-17"}, {"Id", queue_arn + "/SQSDefaultPolicy"}};
  else
    policy = Document::parse(text);
  auto all = statements(policy);
  if (std::ranges::any_of(all, [&](const auto& s) { return labelled(s, grant.label); }))
    throw invalid_value(grant.label, "Label", "Already exists.");
  std::vector<std::string> principals, actions;
  for (const auto& account : grant.accounts)
    principals.push_back(fmt::format("arn:aws:iam::{}:root", account));
  for (const auto& action : grant.actions) actions.push_back("SQS:" + action);
  all.push_back({{"Sid", grant.label},
                 {"Effect", "Allow"},
                 {"Principal", {{"AWS", one_or_list(principals)}}},
                 {"Action", one_or_list(actions)},
                 {"Resource", queue_arn}});
  policy["Statement"] = std::move(all);
  auto out = json_text(policy);
  check_policy(out);
  return out;
}

std::string without_grant(const std::string& text, const std::string& label) {
  Document policy = text.empty() ? Document::object() : Document::parse(text);
  auto all = statements(policy);
  const auto before = all.size();
  Document rest = Document::array();
  for (auto& statement : all)
    if (!labelled(statement, label)) rest.push_back(std::move(statement));
  if (rest.size() == before) throw invalid_value(label, "Label", "can't find label.");
  if (rest.empty()) return {};
  policy["Statement"] = std::move(rest);
  return json_text(policy);
}
}  // namespace emu::sqs
