#include "support/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace traitsync::test {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* p) const {
        Free(p);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

void must(bool good, char const* what) {
    if (!good) throw std::runtime_error{std::string{"cannot make a certificate: "} + what};
}

key_ptr make_key() {
    key_ptr key{EVP_EC_gen("P-256")};
    must(key != nullptr, "key");
    return key;
}

void add_extension(X509* to, X509* issuer, int nid, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    extension_ptr const extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    must(extension && X509_add_ext(to, extension.get(), -1) == 1, value.c_str());
}

x509_ptr unsigned_certificate(std::string const& name, EVP_PKEY* key, std::chrono::seconds begins,
                              std::chrono::seconds ends) {
    x509_ptr made{X509_new()};
    must(made && X509_set_version(made.get(), X509_VERSION_3) == 1, "version");
    std::uint64_t serial = 0;
    must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial");
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1);
    must(X509_gmtime_adj(X509_getm_notBefore(made.get()), static_cast<long>(begins.count())) != nullptr, "begin");
    must(X509_gmtime_adj(X509_getm_notAfter(made.get()), static_cast<long>(ends.count())) != nullptr, "end");
    auto* const subject = X509_get_subject_name(made.get());
    auto const* const text = reinterpret_cast<unsigned char const*>(name.data());
    must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, static_cast<int>(name.size()), -1, 0) == 1,
         "name");
    must(X509_set_pubkey(made.get(), key) == 1, "public key");
    return made;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* x) {
    bio_ptr const bio{BIO_new(BIO_s_mem())};
    must(PEM_write_bio_X509(bio.get(), x) == 1, "PEM");
    return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
    bio_ptr const bio{BIO_new(BIO_s_mem())};
    must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM of the key");
    return text_of(bio.get());
}

std::string alternative_names(certificate_options const& options) {
    std::string out;
    auto const add = [&](std::string const& kind, std::string const& value) {
        if (!out.empty()) out += ',';
        out += kind + ':' + value;
    };
    for (auto const& name : options.names) add("DNS", name);
    for (auto const& address : options.addresses) add("IP", address);
    return out;
}

// A server's certificate, signed by `issuer` or, without one, by itself.
certificate issued(certificate_options const& options, X509* issuer, EVP_PKEY* issuer_key) {
    auto const key = make_key();
    auto const made = unsigned_certificate("traitsync test server", key.get(), options.begins, options.ends);
    auto* const signer = issuer != nullptr ? issuer : made.get();
    must(X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1, "issuer");
    add_extension(made.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), signer, NID_ext_key_usage, "serverAuth");
    if (auto const names = alternative_names(options); !names.empty()) {
        add_extension(made.get(), signer, NID_subject_alt_name, names);
    }
    must(X509_sign(made.get(), issuer_key != nullptr ? issuer_key : key.get(), EVP_sha256()) > 0, "signature");
    return {pem_of(made.get()), pem_of(key.get())};
}

}  // namespace

struct authority::parts {
    explicit parts(std::string const& name)
        : key{make_key()},
          own{unsigned_certificate(name, key.get(), std::chrono::hours{-48}, std::chrono::hours{48})} {}
    key_ptr key;
    x509_ptr own;
    std::string pem;
};

authority::authority(std::string const& name) : parts_{std::make_unique<parts>(name)} {
    auto* const own = parts_->own.get();
    must(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1, "issuer");
    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    must(X509_sign(own, parts_->key.get(), EVP_sha256()) > 0, "signature");
    parts_->pem = pem_of(own);
}

authority::~authority() = default;

std::string const& authority::pem() const { return parts_->pem; }

certificate authority::issue(certificate_options const& options) const {
    return issued(options, parts_->own.get(), parts_->key.get());
}

certificate self_signed(certificate_options const& options) { return issued(options, nullptr, nullptr); }

}  // namespace traitsync::test
