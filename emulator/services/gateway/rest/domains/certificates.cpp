#include "emulator/services/gateway/rest/domains/certificates.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kGenerate[] = {{"description"}, {"tags", Shape::text_map}};
constexpr Member kCertificateId{"clientCertificateId", Shape::text, true};
constexpr Member kCertificateOne[] = {kCertificateId};
constexpr Member kCertificatePatch[] = {kCertificateId, kPatch};
constexpr Patchable kCertificatePaths[] = {{"/description"}};
constexpr std::string_view kCertificates = "clientcertificates";
constexpr Duration kValid = std::chrono::days(365);  // as AWS generates them

AwsError no_such_certificate() { return absent("Invalid Client Certificate identifier specified"); }

Json shown_certificate(Json document) {
  document.erase("id");
  document.erase("key");
  return document;
}

Result<Json> generate(RestApis& apis, Context& context, const Json& in) {
  const auto id = apis.new_id(6);
  const auto from = apis.clock().now();
  auto pair = self_signed({.common_name = "ApiGateway", .use = "clientAuth"}, from, from + kValid);
  Json made{{"id", id},
            {"clientCertificateId", id},
            {"createdDate", apis.now()},
            {"expirationDate", apis.now() + std::chrono::duration<double>(kValid).count()},
            {"pemEncodedCertificate", std::move(pair.certificate)},
            {"key", std::move(pair.key)}};
  take(made, in, {"description", "tags"});
  apis.shelf.put(context.scope, kCertificates, id, made);
  return shown_certificate(std::move(made));
}

Result<Json> get_certificate(RestApis& apis, Context& context, const Json& in) {
  auto found = apis.shelf.find(context.scope, kCertificates, text(in, "clientCertificateId"));
  if (!found) return no_such_certificate();
  return shown_certificate(std::move(*found));
}

Result<Json> list_certificates(RestApis& apis, Context& context, const Json& in) {
  auto all = apis.shelf.all(context.scope, kCertificates);
  for (auto& each : all) each = shown_certificate(std::move(each));
  return page(std::move(all), in);
}

Result<Json> update_certificate(RestApis& apis, Context& context, const Json& in) {
  return apis.shelf.change(context.scope, kCertificates, text(in, "clientCertificateId"),
                           no_such_certificate(), [&](Json& certificate) -> Result<Json> {
                             apply_patch(certificate, kCertificatePaths, in.value("patchOperations", Json()));
                             return shown_certificate(certificate);
                           });
}

Result<Json> remove_certificate(RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, "clientCertificateId");
  for (const auto& api : apis.all(context.scope))
    for (const auto& [name, stage] : object(api->record, "stages").items())
      if (text(stage, "clientCertificateId") == id)
        return bad_request(
            fmt::format("Client certificate {} is used by stage {} of API {}", id, name, api->id));
  if (!apis.shelf.erase(context.scope, kCertificates, id)) return no_such_certificate();
  return Json::object();
}

#define EMU_CERTIFICATE "/clientcertificates/{clientCertificateId}"
constexpr Operation kRows[] = {
    row<generate, kGenerate>("GenerateClientCertificate", "POST /clientcertificates", 201),
    row<get_certificate, kCertificateOne>("GetClientCertificate", "GET " EMU_CERTIFICATE),
    row<list_certificates, kListed>("GetClientCertificates", "GET /clientcertificates?position&limit"),
    row<update_certificate, kCertificatePatch>("UpdateClientCertificate", "PATCH " EMU_CERTIFICATE),
    row<remove_certificate, kCertificateOne>("DeleteClientCertificate", "DELETE " EMU_CERTIFICATE, 202),
};
#undef EMU_CERTIFICATE
}  // namespace

std::span<const Operation> certificate_rows() { return kRows; }

std::optional<KeyedCertificate> client_certificate(const Shelf& shelf, const Scope& scope,
                                                   const std::string& id) {
  const auto found = shelf.find(scope, kCertificates, id);
  if (!found) return std::nullopt;
  return KeyedCertificate{text(*found, "pemEncodedCertificate"), text(*found, "key")};
}
}  // namespace emu::gateway::v1
