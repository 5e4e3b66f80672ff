#include "emulator/base/rsa.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace emu {
namespace {
const unsigned char* bytes_of(std::string_view v) { return reinterpret_cast<const unsigned char*>(v.data()); }

template <class T, void (*kFree)(T*)>
struct Freed {
  void operator()(T* of) const { kFree(of); }
};
using Number = std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

Key key_of(std::string_view modulus, std::string_view exponent) {
  const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>> builder(
      OSSL_PARAM_BLD_new());
  const auto n = number_of(modulus), e = number_of(exponent);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM, OSSL_PARAM_free>> params(
      OSSL_PARAM_BLD_to_param(builder.get()));
  const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX, EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) > 0)
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get());
  return Key(key);
}
}  // namespace

bool rsa_verifies(Hash hash, std::string_view modulus, std::string_view exponent, std::string_view text,
                  std::string_view signature) {
  static constexpr std::size_t kLongest = 2048;  // bytes of a modulus: what is longer takes too much time
  if (modulus.empty() || modulus.size() > kLongest || exponent.empty() || exponent.size() > 8) return false;
  const auto key = key_of(modulus, exponent);
  const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX, EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  const char* name = hash == Hash::sha256 ? "SHA256" : hash == Hash::sha384 ? "SHA384" : "SHA512";
  return key &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, name, nullptr, nullptr, key.get(), nullptr) > 0 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}
}  // namespace emu
