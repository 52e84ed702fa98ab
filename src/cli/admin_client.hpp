#pragma once
// Asks the running service. Where it is and what opens it comes from the flag --url, else from the configuration
// that the service itself reads; the token from TRAITSYNC_ADMIN_TOKEN, the configuration, or the file that the
// service made. Blocking; one thread.

#include <memory>
#include <optional>
#include <string>

#include "console.hpp"
#include "told.hpp"
#include "traitsync/net/http.hpp"

namespace traitsync::cli {

struct client_target {
    std::optional<std::string> config;
    std::optional<std::string> url;
};

class admin_client {
public:
    // Nothing where the configuration is wrong or the token's file holds none; said on `c.err`, the code is exit_usage.
    // So is that of each answer where the service is there but the file cannot be read.
    static std::unique_ptr<admin_client> open(client_target const& target, console& c);
    ~admin_client();

    struct answer {
        int code = 0;       // exit code: what went wrong was printed
        bool more = false;  // a list that ended at its limit
        std::shared_ptr<told const> said = {};
        bool ok() const { return code == 0; }
        // Of an answer that is ok: the bytes as they came, and the object that they are.
        std::string const& body() const { return said->body(); }
        json::value const& json() const { return said->json(); }
    };
    answer get(std::string const& path);
    // With an Idempotency-Key of its own, so that a repeat by the network cannot do it twice.
    answer post(std::string const& path, std::string const& body);
    // A list, page after page until `limit` items (0: all) are there, as one page.
    answer list(std::string const& path, std::size_t limit);

    // Says that what answers is no traitsync service, or one of quite another version; exit_unreachable.
    int is_another(std::string const& why);

private:
    struct parts;
    explicit admin_client(std::unique_ptr<parts> p);
    answer ask(net::request r);
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::cli
