// A role as it is kept and as operations show it.
#pragma once
#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace emu::iam {
struct Tag {
  std::string Key, Value;
};
BOOST_DESCRIBE_STRUCT(Tag, (), (Key, Value))

struct Role {
  std::string Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument;
  std::optional<std::string> Description;
  int MaxSessionDuration = 3600;
  std::optional<std::vector<Tag>> Tags;
};
BOOST_DESCRIBE_STRUCT(Role, (),
                      (Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument, Description,
                       MaxSessionDuration, Tags))

// On disk: members may be added as optional ones, never renamed.
struct KeptRole {
  Role role;
  std::map<std::string, std::string> policies;  // inline: name -> document
  std::vector<std::string> attached;            // ARNs of managed policies
};
BOOST_DESCRIBE_STRUCT(KeptRole, (), (role, policies, attached))
}  // namespace emu::iam
