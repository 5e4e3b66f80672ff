// Reads YAML and JSON files into Nodes. YAML scalars are typed as serverless types them (js-yaml's default
// schema without dates: yes/no and dates stay text), CloudFormation's short tags become their long forms
// (!GetAtt a.b → {"Fn::GetAtt": ["a", "b"]}). Anything malformed is thrown as Problems with its line. Bytes
// from outside: input, depth and alias expansion are bounded.
#pragma once
#include "emulator/source/node.hpp"

namespace emu {
Node parse_yaml(std::string_view text, const std::string& file);
Node parse_json(std::string_view text, const std::string& file);
// What a plain YAML scalar means.
Json plain_scalar(std::string_view text);
}  // namespace emu
