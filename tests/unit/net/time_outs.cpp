// Every wait has an end, and the words say which wait it was.

#include "desk.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

net::client_options hurried(std::string const& url) {
    auto o = options_for(url);
    o.timeout = 300ms;
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(time_outs)

BOOST_AUTO_TEST_CASE(a_connection_that_nobody_accepts) {
    unserved_port const port{true};
    auto const url = "http://127.0.0.1:" + std::to_string(port.port());
    desk d{hurried(url)};
    check_words(d.fails(), fault::unavailable, "did not accept a connection in time");

    auto o = options_for(url);
    o.connect_timeout = 200ms;
    desk with_time{o};
    auto const begun = std::chrono::steady_clock::now();
    check_words(with_time.fails(), fault::unavailable, "did not accept a connection in time");
    BOOST_CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

BOOST_AUTO_TEST_CASE(a_tls_handshake_that_nobody_answers) {
    unserved_port const port{false};
    desk d{hurried("https://127.0.0.1:" + std::to_string(port.port()))};
    check_words(d.fails(), fault::unavailable, "did not finish the TLS handshake in time");
}

BOOST_AUTO_TEST_CASE(a_request_that_nobody_takes) {
    unserved_port const port{false};
    desk d{hurried("http://127.0.0.1:" + std::to_string(port.port()))};
    // More than the sockets of both sides hold.
    check_words(d.fails(post(std::string(20'000'000, 'x'))), fault::unavailable, "did not take the request in time");
    check_words(d.fails(), fault::unavailable, "did not answer in time");
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come) {
    scripted_server server;
    server.always(scripted_answer::silence());
    desk d{hurried(server.url())};
    check_words(d.fails(), fault::unavailable, "did not answer in time");
    BOOST_TEST(server.requests().size() == 1U);  // the outcome is unknown: whoever asked decides
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_end) {
    scripted_server server;
    server.answer({.body = std::string(1000, 'x'), .body_bytes = 10, .then = afterwards::hang});
    server.answer(scripted_answer::bytes("HTTP/1.1 200", afterwards::hang));
    server.answer({.body = "x", .framing = framing::until_close, .then = afterwards::hang});
    desk d{hurried(server.url())};
    for (int i = 0; i < 3; ++i) check_words(d.fails(), fault::unavailable, "did not finish its answer in time");
}

BOOST_AUTO_TEST_CASE(a_reused_connection_that_is_silent_is_not_asked_again) {
    scripted_server server;
    server.answer({});
    server.answer(scripted_answer::silence());
    desk d{hurried(server.url())};
    d.must();
    check_words(d.fails(), fault::unavailable, "did not answer in time");
    BOOST_TEST(server.requests().size() == 2U);
    d.must();
    BOOST_TEST(server.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(the_deadline_is_one_for_the_whole_exchange_with_its_repetition) {
    scripted_server server;
    server.answer({});
    server.answer({.delay = 200ms, .mute = true, .then = afterwards::close});
    server.answer(scripted_answer::silence());
    auto o = options_for(server.url());
    o.timeout = 1s;
    desk d{o};
    d.must();
    auto const begun = std::chrono::steady_clock::now();
    check_words(d.fails(), fault::unavailable, "did not answer in time");
    auto const took = std::chrono::steady_clock::now() - begun;
    BOOST_CHECK(took >= 1s);
    BOOST_CHECK(took < 1200ms + 5s);
    BOOST_TEST(server.requests().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_slow_answer_within_its_time_is_an_answer) {
    scripted_server server;
    server.answer({.body = "late", .delay = 150ms});
    desk d{options_for(server.url())};
    BOOST_TEST(d.must().body == "late");
}

BOOST_AUTO_TEST_SUITE_END()
