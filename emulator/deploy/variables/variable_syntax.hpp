// The grammar of serverless variables: ${type(param, …):address, fallback, …} (spec-iac 2). Pure. What does
// not look like a variable (${AWS::Region}, ${Table}: Fn::Sub's) stays text; \${ is a literal ${. Bytes from
// outside: nesting is bounded.
#pragma once
#include "emulator/source/node.hpp"

namespace emu::deploy {
struct VariableSource;

// A stretch of text, or a variable with its sources in the order they are tried.
struct Piece {
  std::string text;
  std::vector<VariableSource> sources;
  std::string written;  // the variable as it stands in the file
  bool is_variable() const;
};
using VariableText = std::vector<Piece>;

struct VariableSource {
  std::string type;  // "self"; empty for a literal
  std::vector<VariableText> params;
  VariableText address;
  Json literal;
};
inline bool Piece::is_variable() const { return !sources.empty(); }

// Throws Problems for a variable that is begun and not well formed.
VariableText parse_variables(std::string_view text, const Place& place);
}  // namespace emu::deploy
