#pragma once
// An HTTP proxy on 127.0.0.1 that opens tunnels (CONNECT) and looks at nothing inside. One thread; every member may be
// called from any thread.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace traitsync::test {

struct proxy_options {
    std::string credentials = {};  // user:password that are demanded; empty: none
    // Where a target leads: a port of 127.0.0.1 by "host:port". Other targets on 127.0.0.1 lead to themselves, the
    // rest is answered with 502.
    std::map<std::string, std::uint16_t> routes = {};
    std::string raw = {};  // this instead of any tunnel
};

class connect_proxy {
public:
    explicit connect_proxy(proxy_options options = {});
    ~connect_proxy();
    connect_proxy(connect_proxy const&) = delete;
    connect_proxy& operator=(connect_proxy const&) = delete;

    std::uint16_t port() const;
    std::string url(std::string const& credentials = {}) const;  // http://[credentials@]127.0.0.1:port
    std::vector<std::string> heads() const;                      // every request's head, in order
    std::size_t tunnels() const;                                 // opened so far
    void demand(std::string credentials);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::test
