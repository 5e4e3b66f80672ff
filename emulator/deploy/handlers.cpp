#include "emulator/deploy/handlers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace emu::deploy {
namespace fs = std::filesystem;
namespace {
bool any_exists(const fs::path& directory, const std::string& module,
                std::initializer_list<const char*> endings) {
  std::error_code none;
  return std::ranges::any_of(
      endings, [&](const char* ending) { return fs::is_regular_file(directory / (module + ending), none); });
}

// "src/app.handler" of Node is the file src/app.*: the name ends at the first dot of the last segment.
bool has_node(const fs::path& directory, const std::string& handler) {
  const auto slash = handler.rfind('/');
  const auto dot = handler.find('.', slash == handler.npos ? 0 : slash);
  return dot == handler.npos || any_exists(directory, handler.substr(0, dot),
                                           {".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"});
}

// "src/app.handler" and "src.app.handler" of Python are src/app.py; the function is behind the last dot.
bool has_python(const fs::path& directory, const std::string& handler) {
  const auto dot = handler.rfind('.');
  if (dot == handler.npos) return true;
  auto module = handler.substr(0, dot);
  std::ranges::replace(module, '.', '/');
  return any_exists(directory, module, {".py", "/__init__.py", ".so"});
}

// Why an invocation cannot find its code, or nothing. A malformed handler is the runtime's to refuse.
std::string missing(const fs::path& directory, const std::string& runtime, const std::string& handler) {
  if (runtime.starts_with("nodejs") && !has_node(directory, handler))
    return fmt::format("no .js, .mjs, .cjs or .ts file holds the handler {}", handler);
  if (runtime.starts_with("python") && !has_python(directory, handler))
    return fmt::format("no .py file holds the handler {}", handler);
  if (runtime.starts_with("provided") && !any_exists(directory, "bootstrap", {""}))
    return fmt::format("there is no executable named bootstrap for the runtime {}", runtime);
  return "";
}
}  // namespace

Notes missing_handlers(const Node& stack_template) {
  Notes notes;
  const Node* resources = stack_template.find("Resources");
  if (!resources) return notes;
  for (const auto& [id, resource] : resources->members) {
    const Node* properties = resource.find("Properties");
    const Node* directory = properties ? properties->at({"Code", "S3Key"}) : nullptr;
    const Node* bucket = properties ? properties->at({"Code", "S3Bucket"}) : nullptr;
    const bool in_place = bucket && bucket->is_string() && bucket->text() == "hot-reload";
    if (!in_place || !directory || !directory->is_string()) continue;  // an artifact, or text
    if (const Node* layers = properties->find("Layers"); layers && !layers->items.empty()) continue;
    const Node* runtime = properties->find("Runtime");
    const Node* handler = properties->find("Handler");
    if (!runtime || !runtime->is_string() || !handler || !handler->is_string()) continue;
    if (const auto why = missing(directory->text(), runtime->text(), handler->text()); !why.empty())
      notes.push_back({handler->place, why + "; invocations fail until there is one"});
  }
  return notes;
}
}  // namespace emu::deploy
