#include "emulator/services/dynamodb/partiql/prepared.hpp"

#include "emulator/services/dynamodb/expression/check.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/partiql/translate.hpp"

namespace emu::dynamodb::partiql {
namespace {
// PartiQL does not read an index of several hash or range keys, and says so before most else.
void refuse_wide_index(const DynamoDb& service, const Scope& scope, const Source& source) {
  if (!source.index) return;
  const auto table = service.tables.find(scope, source.table);
  const auto* index = table ? table->schema->index(*source.index) : nullptr;
  if (index && (index->key.hash.size() > 1 || index->key.range.size() > 1))
    throw AwsError::validation(
        "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute "
        "RANGE keys.");
}

bool set(Type t) { return t == Type::SS || t == Type::NS || t == Type::BS; }
}  // namespace

void judge(const Parameters& parameters) {
  if (!parameters) return;
  for (const auto& p : *parameters)
    if (p.mistake) throw kVoice.voice.mistake(*p.mistake);
}

Prepared::Prepared(DynamoDb& service, const Scope& scope, std::string_view text,
                   const Parameters& parameters) {
  const auto parsed = service.statements.get(text, kVoice);
  statement_ = {parsed, &parsed->tree};
  refuse_wide_index(service, scope, statement_->source);
  if (statement_->refusal) throw *statement_->refusal;
  if ((parameters ? parameters->size() : 0) != statement_->parameters)
    throw AwsError::validation("Number of parameters in request and statement don't match.");
  for (const auto& slot : statement_->slots) {
    const auto* own = std::get_if<Value>(&slot);
    values_.push_back(own ? own : &(*parameters)[std::get<std::uint16_t>(slot)].value);
  }
  check();
  if (const auto* insert = as<Insert>()) make_item(*insert);
}

void Prepared::make_item(const Insert& insert) {
  if (insert.whole) {
    const auto* map = value(*insert.whole).as<Item>();
    if (!map) throw AwsError::validation("Unsupported operation: Insert");
    item_ = *map;
  }
  for (const auto& [name, ref] : insert.attributes) item_.set(name, value(ref));
  check_item_size(item_);  // before the table is looked at (B6)
}

void Prepared::check() const {
  static const std::string kAnyKey;  // its name does not matter yet
  const auto bound = bindings(kAnyKey);
  if (const auto* update = as<Update>()) {
    for (const auto& operand : update->sets)
      if (!set(value(operand.value).type())) throw AwsError::validation(operand.refusal);
    expression::check(update->changes.tree, bound, kVoice);
    expression::check(update->where.tree, bound, kVoice);
  } else if (const auto* select = as<Select>()) {
    if (select->where) expression::check(select->where->tree, bound, kVoice);
  } else if (const auto* remove = as<Delete>()) {
    expression::check(remove->condition.tree, bound, kVoice);
  } else if (const auto* exists = as<Exists>()) {
    expression::check(exists->where.tree, bound, kVoice);
  }
}
}  // namespace emu::dynamodb::partiql
