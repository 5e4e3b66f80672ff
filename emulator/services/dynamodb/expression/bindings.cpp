#include "emulator/services/dynamodb/expression/bindings.hpp"

namespace emu::dynamodb::expression {
Bindings::Bindings(const References& references, const std::optional<Names>& names, const Item* values)
    : references_(&references) {
  names_.reserve(references.names.size());
  for (const auto& name : references.names) {
    const auto it = names ? names->find(name) : Names::const_iterator{};
    names_.push_back(names && it != names->end() ? &it->second : nullptr);
  }
  values_.reserve(references.values.size());
  for (const auto& name : references.values) values_.push_back(values ? values->find(name) : nullptr);
}

void Bindings::check(const Path& path, const ExpressionVoice& voice) const {
  for (const auto& step : path.steps)
    if (const auto* ref = std::get_if<NameRef>(&step); ref && !names_[ref->slot])
      voice.refuse(fmt::format(
          "An expression attribute name used in the document path is not defined; attribute name: {}",
          references_->names[ref->slot]));
}

void Bindings::check(ValueRef ref, const ExpressionVoice& voice) const {
  if (!values_[ref.slot])
    voice.refuse(
        fmt::format("An expression attribute value used in expression is not defined; attribute value: {}",
                    references_->values[ref.slot]));
}

std::string show(const Path& path, const Bindings& bindings) {
  std::string out = "[";
  for (const auto& step : path.steps) {
    if (out.size() > 1) out += ", ";
    if (const auto* index = std::get_if<ListIndex>(&step)) {
      out += fmt::format("[{}]", index->at);
    } else {
      out += bindings.name(step);
    }
  }
  return out + "]";
}

bool same_path(const Path& a, const Path& b, const Bindings& bindings) {
  if (a.steps.size() != b.steps.size()) return false;
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    const auto* left = std::get_if<ListIndex>(&a.steps[i]);
    const auto* right = std::get_if<ListIndex>(&b.steps[i]);
    if (!left != !right) return false;
    if (left ? left->at != right->at : bindings.name(a.steps[i]) != bindings.name(b.steps[i])) return false;
  }
  return true;
}

const Value* find(const Item& item, const Path& path, const Bindings& bindings) {
  const Value* at = item.find(bindings.name(path.steps[0]));
  for (std::size_t i = 1; at && i < path.steps.size(); ++i) {
    if (const auto* index = std::get_if<ListIndex>(&path.steps[i])) {
      const auto* list = at->as<List>();
      at = list && index->at < list->elements.size() ? &list->elements[index->at] : nullptr;
    } else {
      const auto* map = at->as<Item>();
      at = map ? map->find(bindings.name(path.steps[i])) : nullptr;
    }
  }
  return at;
}
}  // namespace emu::dynamodb::expression
