#include "emulator/base/certificate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <stdexcept>

namespace emu {
namespace {
template <class T, auto kFree>
struct Freed {
  void operator()(T* of) const { kFree(of); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Buffer = std::unique_ptr<BIO, Freed<BIO, BIO_free>>;

void must(bool done) {
  if (!done) throw std::runtime_error("a certificate could not be made");
}

std::string text_of(BIO* from) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(from, &data);
  return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION, X509_EXTENSION_free>> made(
      X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  must(made && X509_add_ext(certificate, made.get(), -1) == 1);
}

void set_serial(X509* certificate) {
  unsigned char bytes[16];
  must(RAND_bytes(bytes, sizeof bytes) == 1);
  bytes[0] &= 0x7f;  // a positive number
  const std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_free>> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
  must(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)));
}

std::time_t seconds(Time t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}
}  // namespace

KeyedCertificate self_signed(const Subject& subject, Time from, Time until) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate made(X509_new());
  must(key && made);
  must(X509_set_version(made.get(), X509_VERSION_3) == 1);
  set_serial(made.get());
  must(ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds(from)) &&
       ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds(until)));
  auto* name = X509_get_subject_name(made.get());
  const std::string common(subject.common_name);
  const auto* bytes = reinterpret_cast<const unsigned char*>(common.c_str());
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes, -1, -1, 0) == 1 &&
       X509_set_issuer_name(made.get(), name) == 1 && X509_set_pubkey(made.get(), key.get()) == 1);
  extend(made.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), NID_key_usage, "critical,digitalSignature");
  extend(made.get(), NID_ext_key_usage, std::string(subject.use));
  extend(made.get(), NID_subject_key_identifier, "hash");
  if (!subject.names.empty())
    extend(made.get(), NID_subject_alt_name, fmt::format("{}", fmt::join(subject.names, ",")));
  must(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  const Buffer certificate(BIO_new(BIO_s_mem())), secret(BIO_new(BIO_s_mem()));
  must(certificate && secret && PEM_write_bio_X509(certificate.get(), made.get()) == 1 &&
       PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(certificate.get()), text_of(secret.get())};
}

bool belong_together(const KeyedCertificate& pair) {
  const Buffer text(BIO_new_mem_buf(pair.certificate.data(), static_cast<int>(pair.certificate.size()))),
      secret(BIO_new_mem_buf(pair.key.data(), static_cast<int>(pair.key.size())));
  const Certificate certificate(text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr);
  const Key key(secret ? PEM_read_bio_PrivateKey(secret.get(), nullptr, nullptr, nullptr) : nullptr);
  return certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
}

std::optional<CertificateFacts> facts_of(std::string_view certificate) {
  const Buffer text(BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())));
  const Certificate read(text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr);
  std::tm until{};
  if (!read || ASN1_TIME_to_tm(X509_get0_notAfter(read.get()), &until) != 1) return std::nullopt;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(read.get(), EVP_sha256(), digest, &size) != 1) return std::nullopt;
  std::string fingerprint;
  for (unsigned i = 0; i < size; ++i) fingerprint += fmt::format("{}{:02X}", i ? ":" : "", digest[i]);
  return CertificateFacts{Time(std::chrono::seconds(::timegm(&until))), std::move(fingerprint)};
}
}  // namespace emu
