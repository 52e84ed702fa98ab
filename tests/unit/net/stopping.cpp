// A client that is stopped or destroyed while it works.

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include "desk.hpp"
#include "support/temp_dir.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

// Starts an exchange, and does something once it waits for its answer.
template <class Act>
result<net::reply> interrupted(desk& d, scripted_server& server, Act act) {
    std::optional<result<net::reply>> answer;
    auto ask = [](net::https_client& client, std::optional<result<net::reply>>& out) -> boost::asio::awaitable<void> {
        auto r = get();
        auto got = co_await client.exchange(std::move(r));
        out = std::move(got);
    };
    boost::asio::co_spawn(d.loop, ask(*d.client, answer), boost::asio::detached);
    d.loop.restart();
    while (server.requests().empty()) d.loop.run_one_for(5ms);
    act();
    d.loop.restart();
    d.loop.run_for(10s);
    BOOST_REQUIRE(answer.has_value());
    return std::move(*answer);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stopping)

BOOST_AUTO_TEST_CASE(a_stop_ends_what_is_under_way_and_refuses_what_comes_later) {
    scripted_server server;
    server.always(scripted_answer::silence());
    desk d{options_for(server.url())};
    auto const answer = interrupted(d, server, [&] { d.client->stop(); });
    BOOST_REQUIRE(!answer);
    check_words(answer.error(), fault::cancelled, "stopping");
    check_words(d.fails(), fault::cancelled, "stopping");
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_client_may_go_while_its_exchanges_run) {
    std::vector<scripted_answer> const ways{
        scripted_answer::silence(),
        {.body = std::string(100, 'x'), .body_bytes = 10, .then = afterwards::hang},
    };
    for (auto const& way : ways) {
        scripted_server server;
        server.always(way);
        desk d{options_for(server.url())};
        auto const answer = interrupted(d, server, [&] { d.client.reset(); });
        BOOST_REQUIRE(!answer);
        check_words(answer.error(), fault::cancelled, "stopping");
    }
}

BOOST_AUTO_TEST_CASE(a_stop_ends_connecting_and_shaking_hands_too) {
    for (bool const full : {true, false}) {
        unserved_port const port{full};
        desk d{options_for("https://127.0.0.1:" + std::to_string(port.port()))};
        boost::asio::steady_timer soon{d.loop, 50ms};
        soon.async_wait([&](auto const&) { d.client->stop(); });
        check_words(d.fails(), fault::cancelled, "stopping");
    }
}

BOOST_AUTO_TEST_CASE(a_loop_may_go_while_exchanges_are_in_it) {
    temp_dir const dir;
    authority const ca;
    auto const file = dir.write("ca.pem", ca.pem());
    for (int turns = 0; turns < 40; ++turns) {
        scripted_server server{{.tls = ca.issue()}};
        server.always(scripted_answer::silence());
        desk d{options_for(server.url(turns % 2 == 0 ? "" : "/", "localhost"), file)};
        auto ask = [](net::https_client& client) -> boost::asio::awaitable<void> {
            auto r = get();
            auto const got = co_await client.exchange(std::move(r));
            static_cast<void>(got);
        };
        for (int i = 0; i < 3; ++i) boost::asio::co_spawn(d.loop, ask(*d.client), boost::asio::detached);
        // In the middle of looking up, connecting, shaking hands, waiting.
        for (int i = 0; i < turns; ++i) d.loop.run_one_for(20ms);
        if (turns % 3 == 0) d.client.reset();
    }
}

BOOST_AUTO_TEST_SUITE_END()
