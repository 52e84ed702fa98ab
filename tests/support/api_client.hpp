#pragma once
// A client of the admin API as a user would write one: real HTTP, one connection a request unless kept.

#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace traitsync::test {

struct api_reply {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    boost::json::value json() const;  // throws where the body is no JSON
};

class api_client {
public:
    api_client(std::uint16_t port, std::string token) : port_{port}, token_{std::move(token)} {}

    using headers = std::vector<std::pair<std::string, std::string>>;
    // Throws boost::system::system_error where no answer comes.
    api_reply request(std::string const& method, std::string const& target, std::string const& body = {},
                      headers more = {}) const;
    api_reply get(std::string const& target, headers more = {}) const {
        return request("GET", target, {}, std::move(more));
    }
    api_reply post(std::string const& target, std::string const& body = {}, headers more = {}) const {
        return request("POST", target, body, std::move(more));
    }
    // Sends the bytes as they are and reads until the other side closes.
    std::string raw(std::string const& bytes) const;

    std::uint16_t port() const { return port_; }
    api_client with_token(std::string token) const { return {port_, std::move(token)}; }

private:
    std::uint16_t port_;
    std::string token_;
};

}  // namespace traitsync::test
