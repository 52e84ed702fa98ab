#include "certificate.hpp"

#include <fmt/core.h>

namespace traitsync::admin {

namespace ssl = boost::asio::ssl;

result<std::optional<ssl::context>> load_certificate(config::admin_settings const& admin) {
    std::optional<ssl::context> tls;
    if (!admin.over_tls()) return tls;
    tls.emplace(ssl::context::tls_server);
    boost::system::error_code failed;
    tls->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, failed);
    tls->use_certificate_chain_file(admin.tls_cert, failed);
    if (failed) {
        return error{fault::invalid, fmt::format("admin.tls_cert: {} is no readable certificate (PEM): {}",
                                                 admin.tls_cert, failed.message())};
    }
    tls->use_private_key_file(admin.tls_key, ssl::context::pem, failed);
    if (failed) {
        return error{fault::invalid,
                     fmt::format("admin.tls_key: {} is not the readable key (PEM) of the certificate: {}",
                                 admin.tls_key, failed.message())};
    }
    return tls;
}

result<void> check_certificate(config::admin_settings const& admin) {
    auto loaded = load_certificate(admin);
    if (!loaded) return std::move(loaded).error();
    return {};
}

}  // namespace traitsync::admin
