#include "tls.hpp"

#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <filesystem>

#include "traitsync/net/authorities.hpp"

namespace traitsync::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

// RFC 7301: a length and the name.
constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

bool is_address(std::string const& host) {
    error_code failed;
    boost::asio::ip::make_address(host, failed);
    return !failed;
}

// What the operator can do about it, before OpenSSL's own words.
std::string_view meaning_of(long verified) {
    switch (verified) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "it has expired";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "it is not valid yet: compare the clocks";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "it is for another host";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        case X509_V_ERR_CERT_UNTRUSTED:
            return "this machine does not trust who signed it";
        default:
            return "it does not pass the check";
    }
}

bool is_no_tls(unsigned long code) {
    if (ERR_GET_LIB(code) != ERR_LIB_SSL) return false;
    auto const reason = ERR_GET_REASON(code);
    return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
           reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_UNEXPECTED_MESSAGE;
}

std::shared_ptr<X509> first_certificate(std::string const& pem_file) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const file{BIO_new_file(pem_file.c_str(), "r"), &BIO_free};
    auto* const first = file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr;
    return {first, &X509_free};
}

// The server showed the very certificate, and nothing but its name is wrong.
bool is_only_misnamed(ssl::verify_context& at, X509& own) {
    auto* const check = at.native_handle();
    auto const wrong = X509_STORE_CTX_get_error(check);
    if (wrong != X509_V_ERR_HOSTNAME_MISMATCH && wrong != X509_V_ERR_IP_ADDRESS_MISMATCH) return false;
    auto* const shown = X509_STORE_CTX_get_current_cert(check);
    if (shown == nullptr || X509_cmp(shown, &own) != 0) return false;
    X509_STORE_CTX_set_error(check, X509_V_OK);
    return true;
}

}  // namespace

result<std::shared_ptr<ssl::context>> trust(std::string const& ca_file, bool one_of_ours) {
    auto const context = std::make_shared<ssl::context>(ssl::context::tls_client);
    auto* const native = context->native_handle();
    error_code failed;
    context->set_default_verify_paths(failed);
    if (!ca_file.empty()) {
        context->load_verify_file(ca_file, failed);
        if (failed) {
            return error{fault::invalid,
                         fmt::format("the certificates in {} cannot be read: {}", ca_file, failed.message())};
        }
    }
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1) {
        return error{fault::invalid, "this OpenSSL cannot be held to TLS 1.2 and later"};
    }
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    // An operator's anchor may be the server's own certificate or an intermediate one.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_PARTIAL_CHAIN);
    if (one_of_ours) {
        auto const own = first_certificate(ca_file);
        if (!own) return error{fault::invalid, fmt::format("there is no certificate in {}", ca_file)};
        context->set_verify_callback(
            [own](bool good, ssl::verify_context& at) { return good || is_only_misnamed(at, *own); }, failed);
        if (failed) return error{fault::invalid, "this OpenSSL takes no check of our own: " + failed.message()};
    }
    // Records are freed while a connection is idle: there may be many.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    return context;
}

result<void> check_authorities(environment const& value_of) {
    if (auto const file = value_of("SSL_CERT_FILE"); !file.empty()) {
        ssl::context scratch{ssl::context::tls_client};
        error_code failed;
        scratch.load_verify_file(file, failed);
        if (failed) {
            return error{fault::invalid, fmt::format("SSL_CERT_FILE names {}, whose certificates cannot be read: {}",
                                                     file, failed.message())};
        }
    }
    auto const folders = value_of("SSL_CERT_DIR");
    if (folders.empty()) return {};
    // Several, with colons between; some of them may well not be there.
    for (std::size_t at = 0; at <= folders.size();) {
        auto const end = std::min(folders.find(':', at), folders.size());
        std::error_code unreadable;
        std::filesystem::directory_iterator const folder{folders.substr(at, end - at), unreadable};
        if (!unreadable) return {};
        at = end + 1;
    }
    return error{fault::invalid, fmt::format("SSL_CERT_DIR names {}, which is no folder that can be read", folders)};
}

result<void> expect_host(SSL* connection, std::string const& host) {
    bool good = SSL_set_alpn_protos(connection, http_1_1, sizeof http_1_1) == 0;  // 0 is success here
    if (is_address(host)) {
        good = good && X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), host.c_str()) == 1;
    } else {
        auto name = host;
        if (name.ends_with('.')) name.pop_back();  // certificates and SNI know no root dot
        SSL_set_hostflags(connection, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        good = good && SSL_set_tlsext_host_name(connection, name.c_str()) == 1 &&
               SSL_set1_host(connection, name.c_str()) == 1;
    }
    if (!good) return error{fault::invalid, fmt::format("{} is no name that TLS can check", host)};
    return {};
}

std::string handshake_words(SSL* connection, error_code const& failed, std::string const& where) {
    if (auto const verified = SSL_get_verify_result(connection); verified != X509_V_OK) {
        return fmt::format("the certificate of {} is not accepted: {} ({})", where, meaning_of(verified),
                           X509_verify_cert_error_string(verified));
    }
    auto const code = static_cast<unsigned long>(failed.value());
    if (failed.category() == boost::asio::error::get_ssl_category()) {
        if (is_no_tls(code)) {
            return fmt::format("{} answers, but not with TLS ({}): is it plain http?", where,
                               ERR_reason_error_string(code));
        }
        auto const* const reason = ERR_reason_error_string(code);
        return fmt::format("the TLS handshake with {} failed: {}", where,
                           reason != nullptr ? reason : failed.message());
    }
    if (failed == ssl::error::stream_truncated || failed == boost::asio::error::eof ||
        failed == boost::asio::error::connection_reset || failed == boost::asio::error::broken_pipe) {
        return fmt::format("{} closed the connection in the TLS handshake", where);
    }
    return fmt::format("the TLS handshake with {} failed: {}", where, failed.message());
}

}  // namespace traitsync::net
