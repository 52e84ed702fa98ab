#pragma once
// TLS in front of a plain service on loopback: what a test puts before the built-in Moesif and Segment. The certificate
// can be exchanged while it runs. One thread; every member may be called from any thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "support/certificates.hpp"

namespace traitsync::test {

class tls_front {
public:
    tls_front(std::uint16_t behind, certificate const& shown);
    ~tls_front();
    tls_front(tls_front const&) = delete;
    tls_front& operator=(tls_front const&) = delete;

    std::string url(std::string_view path = {}) const;  // https://127.0.0.1:<port>
    void show(certificate const& other);                // to connections from now on
    std::size_t accepted() const;                       // connections so far
    std::size_t shaken() const;                         // of them with a whole handshake

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::test
