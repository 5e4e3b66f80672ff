#include "emulator/deploy/variables/dotenv.hpp"

#include <cctype>
#include <optional>
#include <string_view>

#include "emulator/base/file.hpp"

namespace emu::deploy {
namespace {
using Environment = std::map<std::string, std::string>;

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front()))) s.remove_prefix(1);
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.back()))) s.remove_suffix(1);
  return s;
}

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// $NAME and ${NAME}, from what is set so far.
std::string expanded(std::string_view value, const Environment& environment) {
  std::string out;
  for (std::size_t i = 0; i < value.size();) {
    if (value.substr(i).starts_with("\\$")) {
      out += '$';
      i += 2;
      continue;
    }
    const bool braces = value.substr(i).starts_with("${");
    std::size_t end = i + (braces ? 2 : 1);
    const std::size_t begin = end;
    while (end < value.size() && word(value[end])) ++end;
    if (value[i] != '$' || end == begin || (braces && (end == value.size() || value[end] != '}'))) {
      out += value[i++];
      continue;
    }
    const auto it = environment.find(std::string(value.substr(begin, end - begin)));
    if (it != environment.end()) out += it->second;
    i = end + (braces ? 1 : 0);
  }
  return out;
}

// The value that begins at `rest`, which moves behind it; quoted values may span lines.
std::string take_value(std::string_view& rest, const Environment& environment) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
  const char quote = rest.empty() ? '\0' : rest.front();
  const auto close = rest.size() > 1 ? rest.find(quote, 1) : rest.npos;
  const bool quoted = (quote == '"' || quote == '\'' || quote == '`') && close != rest.npos;
  const auto line_end = std::min(rest.find('\n', quoted ? close : 0), rest.size());
  std::string value(quoted ? rest.substr(1, close - 1)
                           : trimmed(rest.substr(0, std::min(line_end, rest.find('#')))));
  rest.remove_prefix(line_end);
  if (quote == '"' && quoted)
    for (std::size_t at; (at = value.find("\\n")) != value.npos;) value.replace(at, 2, "\n");
  return quote == '\'' && quoted ? value : expanded(value, environment);
}
}  // namespace

void read_dotenv(const std::filesystem::path& directory, const std::string& stage, Environment& environment) {
  auto text = read_file(directory / (".env." + stage));
  if (!text) text = read_file(directory / ".env");
  if (!text) return;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    auto name = trimmed(line.substr(0, line.find('=')));
    if (name.starts_with("export ")) name = trimmed(name.substr(7));
    if (name.empty() || name.front() == '#' || line.find('=') == line.npos) {
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      continue;
    }
    rest.remove_prefix(line.find('=') + 1);
    auto value = take_value(rest, environment);
    environment.emplace(std::string(name), std::move(value));
  }
}
}  // namespace emu::deploy
