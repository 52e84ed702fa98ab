// What a client makes of the answers of one server, good and bad.

#include <sys/resource.h>

#include "desk.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

struct small_fixture {
    scripted_server server;
    desk d;
    static net::client_options small(std::string const& url) {
        auto o = options_for(url);
        o.max_reply_bytes = 100'000;
        return o;
    }
    small_fixture() : d{small(server.url())} {}
};

long most_resident_kib() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(answers)

BOOST_FIXTURE_TEST_CASE(a_request_arrives_as_it_was_meant, two_ends) {
    auto r = post("{\"batch\":[]}");
    r.headers = {{"Content-Type", "application/json"}, {"Authorization", "Basic x"}};
    d.must(std::move(r));
    auto const seen = server.requests().at(0);
    BOOST_TEST(seen.method == "POST");
    BOOST_TEST(seen.target == "/v1/batch");
    BOOST_TEST(seen.body == "{\"batch\":[]}");
    BOOST_TEST(seen.header("Host") == "127.0.0.1:" + std::to_string(server.port()));
    BOOST_TEST(seen.header("User-Agent") == "traitsync/test");
    BOOST_TEST(seen.header("Accept-Encoding") == "gzip, deflate");
    BOOST_TEST(seen.header("Content-Type") == "application/json");
    BOOST_TEST(!seen.has_header("Expect"));
}

BOOST_FIXTURE_TEST_CASE(any_status_is_a_reply, two_ends) {
    for (auto const status : {200, 201, 204, 301, 304, 400, 401, 404, 408, 413, 429, 460, 500, 503, 599}) {
        server.answer({.status = status, .body = status == 204 || status == 304 ? "" : "said"});
        auto const answer = d.must();
        BOOST_TEST(answer.status == status);
        BOOST_TEST(answer.body == (status == 204 || status == 304 ? "" : "said"));
    }
}

BOOST_FIXTURE_TEST_CASE(a_redirect_is_told_and_not_followed, two_ends) {
    server.answer({.status = 302, .headers = {{"Location", server.url("/elsewhere")}}});
    auto const answer = d.must();
    BOOST_TEST(answer.status == 302);
    BOOST_TEST(answer.location == server.url("/elsewhere"));
    BOOST_TEST(server.requests().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_throttled_answer_says_how_long_in_both_forms, two_ends) {
    server.answer({.status = 429, .headers = {{"Retry-After", "7"}, {"X-RateLimit-Reset", "9"}}});
    server.answer(
        {.status = 429,
         .headers = {{"Date", "Fri, 01 May 2026 10:00:00 GMT"}, {"retry-after", "Fri, 01 May 2026 10:00:30 GMT"}}});
    server.answer({.status = 503, .headers = {{"Retry-After", "in a while"}, {"X-RateLimit-Reset", "1777593600"}}});
    auto const first = d.must();
    BOOST_CHECK(first.retry_after == 7s);
    BOOST_CHECK(first.rate_limit_reset == 9s);
    auto const second = d.must();
    BOOST_CHECK(second.retry_after == 30s);  // by the server's clock, whatever ours says
    BOOST_CHECK(!second.rate_limit_reset);
    auto const third = d.must();
    BOOST_CHECK(!third.retry_after);
    BOOST_CHECK(third.rate_limit_reset > 300s);
}

BOOST_FIXTURE_TEST_CASE(a_body_is_whole_in_every_framing_and_encoding, two_ends) {
    std::string text;
    while (text.size() < 300'000) text += "{\"_id\":\"usr_" + std::to_string(text.size()) + "\"}\n";
    for (auto const how : {framing::length, framing::chunked, framing::until_close}) {
        for (auto const packed : {encoding::none, encoding::gzip, encoding::deflate, encoding::raw_deflate}) {
            server.answer(
                {.body = text, .headers = {{"Content-Type", "application/json"}}, .framing = how, .encoding = packed});
            auto const answer = d.must();
            BOOST_TEST((answer.body == text));
            BOOST_TEST(answer.content_type == "application/json");
        }
    }
}

BOOST_FIXTURE_TEST_CASE(of_an_earlier_answer_whose_memory_is_used_nothing_shows, two_ends) {
    std::string room;
    char letter = 'a';
    for (std::size_t const size : {500'000U, 0U, 1U, 499'999U, 700'000U, 2U, 5'000'000U, 90'000U}) {
        for (auto const how : {framing::length, framing::chunked, framing::until_close}) {
            for (auto const packed : {encoding::none, encoding::gzip, encoding::deflate, encoding::raw_deflate}) {
                letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1);
                std::string const text(size, letter);
                server.answer({.body = text, .framing = how, .encoding = packed});
                auto r = get();
                r.room = std::move(room);
                auto answer = d.must(std::move(r));
                BOOST_TEST((answer.body == text));
                room = std::move(answer.body);
            }
        }
    }
    auto const cut = [&] {
        auto r = get();
        r.room = std::string(100'000, 'x');
        return r;
    };
    server.answer({.body = std::string(100'000, 'y'), .body_bytes = 50'000, .then = afterwards::close});
    check_words(d.fails(cut()), fault::unavailable, "within its answer");
    server.answer({.status = 500, .body = std::string(100'000, 'y')});
    BOOST_TEST(d.must(cut()).body.find_first_not_of('y') == std::string::npos);
    server.answer({.status = 204});
    BOOST_TEST(d.must(cut()).body.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_only_announced_takes_no_memory, two_ends) {
    server.answer(scripted_answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n"));
    auto const before = most_resident_kib();
    check_words(d.fails(), fault::unavailable, "within its answer");
    BOOST_TEST(most_resident_kib() < before + 8'000);
}

BOOST_FIXTURE_TEST_CASE(interim_answers_are_passed_over, two_ends) {
    server.answer({.body = "the answer",
                   .in_front = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"});
    BOOST_TEST(d.must().body == "the answer");
    std::string many;
    for (int i = 0; i < 50; ++i) many += "HTTP/1.1 102 Processing\r\n\r\n";
    server.answer({.in_front = many});
    check_words(d.fails(), fault::unavailable, "not the one to our request");
    server.answer(scripted_answer::bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"));
    check_words(d.fails(), fault::unavailable, "not the one to our request");
}

BOOST_FIXTURE_TEST_CASE(a_head_request_has_no_body_to_wait_for, two_ends) {
    server.answer(scripted_answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", afterwards::go_on));
    auto r = get();
    r.method = "HEAD";
    BOOST_TEST(d.must(std::move(r)).body.empty());
}

BOOST_FIXTURE_TEST_CASE(half_an_answer_is_none, two_ends) {
    std::string const text(50'000, 'x');
    for (auto const how : {framing::length, framing::chunked}) {
        for (std::size_t const sent : {0U, 1U, 20'000U, 49'999U}) {
            server.answer({.body = text, .framing = how, .body_bytes = sent, .then = afterwards::close});
            check_words(d.fails(), fault::unavailable, "closed the connection within its answer");
        }
    }
    server.answer({.body = encoded(text, encoding::gzip),
                   .headers = {{"Content-Encoding", "gzip"}},
                   .framing = framing::until_close,
                   .body_bytes = 40});
    auto const cut = d.fails();
    check_words(cut, fault::unavailable, "broken or cut short");
    BOOST_TEST(cut.http_status == 200);
    server.answer(scripted_answer::bytes("HTTP/1.1 200 OK\r\nContent-Le"));
    check_words(d.fails(), fault::unavailable, "closed the connection within its answer");
    server.answer({.body = text, .body_bytes = 10, .then = afterwards::reset});
    check_words(d.fails(), fault::unavailable, "closed the connection within its answer");
}

BOOST_FIXTURE_TEST_CASE(of_half_a_failure_the_status_and_its_waits_count, two_ends) {
    std::string const text(50'000, 'x');
    for (auto const how : {framing::length, framing::chunked}) {
        for (std::size_t const sent : {0U, 20'000U}) {
            for (auto const status : {429, 400, 401, 302}) {
                server.answer({.status = status,
                               .body = text,
                               .headers = {{"Retry-After", "120"}},
                               .framing = how,
                               .body_bytes = sent,
                               .then = afterwards::close});
                auto const answer = d.must();
                BOOST_TEST(answer.status == status);
                BOOST_TEST((answer.retry_after == std::chrono::seconds{120}));
                BOOST_TEST(answer.body == text.substr(0, answer.body.size()));
                BOOST_TEST(answer.body.size() <= sent);
            }
        }
    }
    // One that stands still is no other; its connection is not used again.
    server.answer({.status = 401, .body = text, .body_bytes = 10, .then = afterwards::hang});
    BOOST_TEST(d.must().status == 401);
    server.answer({.body = "the next"});
    BOOST_TEST(d.must().body == "the next");
}

BOOST_FIXTURE_TEST_CASE(no_answer_at_all_is_told_apart, two_ends) {
    server.answer(scripted_answer::dropped());
    check_words(d.fails(), fault::unavailable, "closed the connection without an answer");
    server.answer({.mute = true, .then = afterwards::reset});
    check_words(d.fails(), fault::unavailable, "closed the connection without an answer");
    BOOST_TEST(server.requests().size() == 2U);  // a new connection's end is an answer of its own: not repeated
}

BOOST_FIXTURE_TEST_CASE(what_is_not_http_is_malformed, two_ends) {
    for (std::string const garbage :
         {"\x15\x03\x01 \x02\x02\x46", "SSH-2.0-OpenSSH_9\r\n", "<html>hello</html>\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
          "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 700 What\r\nContent-Length: 0\r\n\r\n"}) {
        server.answer(scripted_answer::bytes(garbage));
        check_words(d.fails(), fault::unavailable, "is not HTTP/1.1");
    }
}

BOOST_FIXTURE_TEST_CASE(a_head_has_a_limit, two_ends) {
    server.answer({.headers = {{"X-Long", std::string(60'000, 'x')}}});
    BOOST_TEST(d.must().status == 200);
    server.answer({.headers = {{"X-Long", std::string(70'000, 'x')}}});
    check_words(d.fails(), fault::unavailable, "a head of more than 65536 bytes");
}

BOOST_FIXTURE_TEST_CASE(a_body_beyond_the_limit_is_too_large_in_every_framing, small_fixture) {
    for (auto const how : {framing::length, framing::chunked, framing::until_close}) {
        server.answer({.body = std::string(100'000, 'x'), .framing = how});
        BOOST_TEST(d.must().body.size() == 100'000U);
        server.answer({.body = std::string(100'001, 'x'), .framing = how});
        auto const e = d.fails();
        check_words(e, fault::too_large, "is larger than 100000 bytes");
        BOOST_TEST(e.http_status == 200);
    }
    // Nothing is set aside for what is only announced.
    server.answer(
        scripted_answer::bytes("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n", afterwards::hang));
    check_words(d.fails(), fault::too_large, "is larger than 100000 bytes");
}

BOOST_FIXTURE_TEST_CASE(what_stands_around_the_pieces_of_a_body_is_bounded_too, small_fixture) {
    std::string fields;
    while (fields.size() < 1'000'000) fields += "a: b\r\n";
    for (auto const& endless : {"1;" + std::string(1'000'000, 'x'), "1\r\nx\r\n0\r\n" + fields}) {
        auto const of = [&](std::string const& status) {
            return scripted_answer::bytes("HTTP/1.1 " + status + "\r\nTransfer-Encoding: chunked\r\n\r\n" + endless,
                                          afterwards::hang);
        };
        server.answer(of("200 OK"));
        auto const e = d.fails();
        check_words(e, fault::too_large, "is larger than 100000 bytes");
        BOOST_TEST(e.http_status == 200);
        server.answer(of("503 Service Unavailable"));
        BOOST_TEST(d.must().status == 503);
    }
}

BOOST_FIXTURE_TEST_CASE(a_compressed_bomb_is_too_large, small_fixture) {
    server.answer({.body = std::string(5'000'000, ' '), .encoding = encoding::gzip});
    auto const e = d.fails();
    check_words(e, fault::too_large, "more than 100000 bytes when decoded");
    BOOST_TEST(e.http_status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_failure_with_a_long_or_unreadable_page_is_still_that_failure, small_fixture) {
    for (auto const how : {framing::length, framing::chunked, framing::until_close}) {
        server.answer({.status = 502, .body = std::string(3'000'000, 'x'), .framing = how});
        auto const answer = d.must();
        BOOST_TEST(answer.status == 502);
        BOOST_TEST(answer.body.size() <= 100'000U);
        BOOST_TEST(answer.body.size() > 0U);
    }
    server.answer({.status = 401, .body = "gibberish", .headers = {{"Content-Encoding", "br"}}});
    auto const answer = d.must();
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.body.empty());
}

BOOST_FIXTURE_TEST_CASE(a_server_that_answers_before_it_has_read_all_is_heard, two_ends) {
    // Answered after the head, and then nothing more is read.
    server.refuse_bodies({.status = 413, .body = "too much"});
    auto const answer = d.must(post(std::string(20'000'000, 'x')));
    BOOST_TEST(answer.status == 413);
    BOOST_TEST(answer.body == "too much");
}

BOOST_FIXTURE_TEST_CASE(a_success_is_not_believed_of_what_was_not_sent, two_ends) {
    server.refuse_bodies({.status = 200, .body = "taken"});
    check_words(d.fails(post(std::string(20'000'000, 'x'))), fault::unavailable,
                "closed the connection while the request was sent");
}

BOOST_AUTO_TEST_CASE(a_refused_connection_and_an_unknown_name_are_told_apart) {
    desk refused{options_for("http://127.0.0.1:" + std::to_string(free_port()))};
    check_words(refused.fails(), fault::unavailable, "refuses connections");
    desk unknown{options_for("http://no-such-host.invalid")};
    check_words(unknown.fails(), fault::unavailable, "the name no-such-host.invalid cannot be found");
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_not_there_and_a_path_that_none_can_have_are_told) {
    auto const fails_at = [](std::string path) {
        auto o = options_for("http://localhost");
        o.unix_path = std::move(path);
        desk d{o};
        return d.fails();
    };
    check_words(fails_at("/" + std::string(106, 'x')), fault::unavailable, "cannot be reached: No such file");
    check_words(fails_at("/" + std::string(107, 'x')), fault::unavailable, "the path is longer than 107 bytes");
}

BOOST_AUTO_TEST_CASE(an_address_that_refuses_does_not_keep_the_others_from_being_tried) {
    // localhost may be ::1 first, where the server does not listen.
    scripted_server server;
    desk d{options_for(server.url({}, "localhost"))};
    BOOST_TEST(d.must().status == 200);
    BOOST_TEST(server.requests().at(0).header("Host") == "localhost:" + std::to_string(server.port()));
}

BOOST_AUTO_TEST_CASE(a_request_that_is_none_is_not_sent) {
    scripted_server server;
    desk d{options_for(server.url())};
    auto r = get();
    r.headers = {{"X", "a\r\nb"}};
    BOOST_CHECK(d.fails(std::move(r)).kind == fault::invalid);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
