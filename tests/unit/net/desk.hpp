#pragma once
// A loop, a client of a scripted server, and questions to it.

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include "support/awaited.hpp"
#include "support/scripted_server.hpp"
#include "traitsync/net/https_client.hpp"

namespace traitsync::net::test {

using namespace std::chrono_literals;
using namespace traitsync::test;

inline client_options options_for(std::string const& url, std::string ca_file = {}) {
    client_options o;
    o.origin = parse_url(url).value();
    o.timeout = 20s;
    o.ca_file = std::move(ca_file);
    o.user_agent = "traitsync/test";
    return o;
}

inline request get(std::string target = "/") {
    request r;
    r.target = std::move(target);
    return r;
}

inline request post(std::string body) {
    request r;
    r.method = "POST";
    r.target = "/v1/batch";
    r.body = std::make_shared<std::string const>(std::move(body));
    return r;
}

struct desk {
    boost::asio::io_context loop;
    std::unique_ptr<https_client> client;

    explicit desk(client_options o) : client{std::make_unique<https_client>(loop, std::move(o))} {}

    result<reply> ask(request r = get()) { return awaited(loop, client->exchange(std::move(r))); }
    reply must(request r = get()) {
        auto answer = ask(std::move(r));
        BOOST_REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().what));
        return std::move(*answer);
    }
    error fails(request r = get()) {
        auto answer = ask(std::move(r));
        BOOST_REQUIRE(!answer);
        return answer.error();
    }
};

// A server that does as its script says, and a client of it.
struct two_ends {
    scripted_server server;
    desk d{options_for(server.url())};
};

// Whether the words tell what happened; shows them where not.
inline void check_words(error const& e, fault kind, std::string_view words) {
    BOOST_TEST(name_of(e.kind) == name_of(kind), e.what);
    BOOST_TEST(e.what.find(words) != std::string::npos, "\"" << e.what << "\" should say: " << words);
}

}  // namespace traitsync::net::test
