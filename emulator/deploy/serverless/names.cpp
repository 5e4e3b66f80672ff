#include "emulator/deploy/serverless/names.hpp"

#include <algorithm>
#include <cctype>

#include "emulator/base/text.hpp"

namespace emu::deploy::serverless {
namespace {
std::string upper_first(std::string s) {
  if (!s.empty()) s[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(s[0])));
  return s;
}

void replace_all(std::string& s, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = s.find(what, at)) != s.npos; at += with.size())
    s.replace(at, what.size(), with);
}

std::string path_part(std::string part) {
  replace_all(part, "-", "Dash");
  const auto open = part.find('{'), close = part.rfind('}');
  if (open != part.npos && close != part.npos && open < close) part.replace(close, 1, "Var");
  std::erase_if(part, [](unsigned char c) { return !std::isalnum(c); });
  return upper_first(std::move(part));
}
}  // namespace

std::string normalized(std::string_view name) {
  std::string out(name);
  replace_all(out, "-", "Dash");
  replace_all(out, "_", "Underscore");
  return upper_first(std::move(out));
}

std::string route_logical_id(std::string_view route_key) {
  std::string out = "HttpApiRoute";
  if (route_key == "*") return out + "Default";
  for (std::size_t from = 0; from <= route_key.size();) {
    const auto slash = std::min(route_key.find('/', from), route_key.size());
    out += path_part(lower(route_key.substr(from, slash - from)));
    from = slash + 1;
  }
  return out;
}

std::string resource_name(std::string_view path) {
  std::string out;
  for (std::size_t from = 0; from <= path.size();) {
    const auto slash = std::min(path.find('/', from), path.size());
    out += path_part(std::string(path.substr(from, slash - from)));
    from = slash + 1;
  }
  return out;
}
}  // namespace emu::deploy::serverless
