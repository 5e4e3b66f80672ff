// Parts of a template that another stack made: references to what would be ours lead to them instead. Used
// where serverless.yml names an API that is there already.
#pragma once
#include <map>

#include "emulator/source/node.hpp"

namespace emu::deploy::serverless {
struct Elsewhere {
  std::map<std::string, Node, std::less<>> ids;  // by the logical id that stands for it
  Node root;                                     // RootResourceId of a REST API
};
// {"Ref": id} and {"Fn::GetAtt": [id, "RootResourceId"]}, wherever they stand.
void stand_in(Node& part, const Elsewhere& elsewhere);
}  // namespace emu::deploy::serverless
