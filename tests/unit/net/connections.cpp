// When a connection is used again, when a new one is made, and when a request is repeated.

#include <boost/asio/detached.hpp>

#include "desk.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

template <class Change>
net::client_options changed(net::client_options o, Change change) {
    change(o);
    return o;
}

// So many exchanges at once; the statuses.
std::vector<int> ask_at_once(desk& d, std::size_t count) {
    std::vector<int> statuses;
    auto one = [](net::https_client& client, std::vector<int>& out) -> boost::asio::awaitable<void> {
        auto r = get();
        auto const answer = co_await client.exchange(std::move(r));
        out.push_back(answer ? answer->status : 0);
    };
    for (std::size_t i = 0; i < count; ++i)
        boost::asio::co_spawn(d.loop, one(*d.client, statuses), boost::asio::detached);
    d.loop.restart();
    d.loop.run();
    return statuses;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connections)

BOOST_FIXTURE_TEST_CASE(requests_in_a_row_share_one_connection, two_ends) {
    for (int i = 0; i < 20; ++i) {
        if (i % 3 == 1) server.answer({.status = 404, .body = "no", .framing = framing::chunked});
        if (i % 3 == 2) server.answer({.status = 204});
        d.must(i % 2 == 0 ? get() : post("x"));
    }
    BOOST_TEST(server.requests().size() == 20U);
    BOOST_TEST(server.connections() == 1U);
}

BOOST_FIXTURE_TEST_CASE(requests_at_once_have_a_connection_each_and_keep_them, two_ends) {
    for (int round = 0; round < 3; ++round) {
        server.always({.delay = 50ms});  // so that all of them are under way together
        BOOST_TEST(ask_at_once(d, 4) == std::vector<int>(4, 200), boost::test_tools::per_element());
    }
    BOOST_TEST(server.requests().size() == 12U);
    BOOST_TEST(server.connections() == 4U);
}

BOOST_AUTO_TEST_CASE(no_more_connections_are_kept_than_asked_for) {
    scripted_server server;
    desk d{changed(options_for(server.url()), [](auto& o) { o.max_idle = 1; })};
    server.always({.delay = 50ms});
    ask_at_once(d, 3);
    ask_at_once(d, 3);
    BOOST_TEST(server.connections() == 5U);
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_the_server_will_close_is_not_used_again, two_ends) {
    server.answer({.headers = {{"Connection", "close"}}});
    server.answer({.body = "x", .framing = framing::until_close});
    server.answer(scripted_answer::bytes("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
    for (int i = 0; i < 4; ++i) d.must();
    BOOST_TEST(server.connections() == 4U);
}

BOOST_FIXTURE_TEST_CASE(an_idle_connection_that_was_dropped_is_replaced_unnoticed, two_ends) {
    d.must();
    server.drop_connections();
    d.must(post("body"));
    BOOST_TEST(server.connections() == 2U);
    BOOST_TEST(server.requests().size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_connection_dropped_as_the_request_arrives_repeats_it_once_with_the_same_bytes, two_ends) {
    for (auto const how : {afterwards::close, afterwards::reset}) {
        d.must();
        auto const before = server.requests().size();
        server.answer({.mute = true, .then = how});
        server.answer({.status = 202});
        BOOST_TEST(d.must(post("the same bytes")).status == 202);
        auto const seen = server.requests();
        BOOST_REQUIRE(seen.size() == before + 2);
        BOOST_TEST(seen[before].body == "the same bytes");
        BOOST_TEST(seen[before + 1].body == "the same bytes");
        BOOST_TEST(seen[before].connection + 1 == seen[before + 1].connection);
    }
}

BOOST_FIXTURE_TEST_CASE(a_second_drop_is_told, two_ends) {
    d.must();
    server.answer(scripted_answer::dropped(), 2);
    check_words(d.fails(), fault::unavailable, "closed the connection without an answer");
    BOOST_TEST(server.requests().size() == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_second_request_is_not_sent_where_it_is_not_allowed, two_ends) {
    d.must();
    auto unpaid = post("body");
    int asked = 0;
    unpaid.may_repeat = [&] {
        ++asked;
        return false;
    };
    server.answer(scripted_answer::dropped());
    check_words(d.fails(unpaid), fault::unavailable, "closed the connection without an answer");
    BOOST_TEST(asked == 1);
    BOOST_TEST(server.requests().size() == 2U);
    d.must(unpaid);
    BOOST_TEST(asked == 1, "nothing to repeat");
}

BOOST_FIXTURE_TEST_CASE(nothing_is_repeated_once_an_answer_has_begun, two_ends) {
    d.must();
    server.answer(scripted_answer::bytes("HTTP/1.1 2"));
    check_words(d.fails(), fault::unavailable, "within its answer");
    d.must();
    server.answer(scripted_answer::bytes("HTTP/1.1 100 Continue\r\n\r\n"));
    check_words(d.fails(), fault::unavailable, "within its answer");
    BOOST_TEST(server.requests().size() == 4U);
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one, two_ends) {
    d.must();
    // As a load balancer says before it drops an idle connection.
    server.blurt("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(d.must().status == 200);
    BOOST_TEST(server.connections() == 2U);

    server.answer(scripted_answer::bytes(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        afterwards::go_on));
    BOOST_TEST(d.must().body == "ok");
    BOOST_TEST(d.must().status == 200);
    BOOST_TEST(server.connections() == 3U);
}

BOOST_FIXTURE_TEST_CASE(after_a_server_error_every_connection_is_new, two_ends) {
    server.always({.delay = 50ms});
    ask_at_once(d, 3);
    BOOST_TEST(server.connections() == 3U);
    server.always({});
    server.answer({.status = 503});
    BOOST_TEST(d.must().status == 503);
    d.must();
    d.must();
    BOOST_TEST(server.connections() == 4U);
}

BOOST_AUTO_TEST_CASE(an_old_connection_is_not_used_again) {
    scripted_server server;
    desk d{changed(options_for(server.url()), [](auto& o) { o.max_connection_age = 0s; })};
    d.must();
    d.must();
    BOOST_TEST(server.connections() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
