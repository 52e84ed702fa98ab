#pragma once
// Certificates made on the spot: an authority of the test's own and what it signs. P-256 keys.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace traitsync::test {

struct certificate {
    std::string pem;
    std::string key;  // PEM, without a password
};

struct certificate_options {
    std::vector<std::string> names = {};                    // DNS names
    std::vector<std::string> addresses = {"127.0.0.1"};     // IP addresses
    std::chrono::seconds begins = std::chrono::hours{-24};  // from now
    std::chrono::seconds ends = std::chrono::hours{24};
};

class authority {
public:
    explicit authority(std::string const& name = "traitsync test authority");
    ~authority();
    authority(authority const&) = delete;
    authority& operator=(authority const&) = delete;

    std::string const& pem() const;  // for ca_file
    certificate issue(certificate_options const& options = {}) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// Signed by its own key.
certificate self_signed(certificate_options const& options = {});

}  // namespace traitsync::test
