// RSA signatures (PKCS #1 v1.5), as JSON Web Tokens carry them. Used by the gateway's JWT authorizers.
#pragma once
#include <string_view>

namespace emu {
enum class Hash { sha256, sha384, sha512 };
// Modulus and exponent as big-endian bytes.
bool rsa_verifies(Hash hash, std::string_view modulus, std::string_view exponent, std::string_view text,
                  std::string_view signature);
}  // namespace emu
