// Whose certificate is accepted, and what is said of the others.

#include "desk.hpp"
#include "support/temp_dir.hpp"

using namespace traitsync;
using namespace traitsync::net::test;

namespace {

struct trusted_certificates {
    temp_dir dir;
    authority ca;
    std::string ca_file = dir.write("ca.pem", ca.pem());

    // What a client that trusts `anchors` gets from a server with that certificate.
    result<net::reply> ask(certificate const& shown, std::string const& anchors, std::string_view host = "127.0.0.1") {
        scripted_server server{{.tls = shown}};
        server.always({.body = "over TLS"});
        desk d{options_for(server.url("", host), anchors)};
        return d.ask();
    }
    error refusal(certificate const& shown, std::string_view host = "127.0.0.1") {
        auto const answer = ask(shown, ca_file, host);
        BOOST_REQUIRE(!answer);
        return answer.error();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trust, trusted_certificates)

BOOST_AUTO_TEST_CASE(a_certificate_of_a_trusted_authority_for_the_host_is_accepted) {
    BOOST_TEST(ask(ca.issue(), ca_file).value().body == "over TLS");
    BOOST_TEST(ask(ca.issue({.names = {"localhost"}, .addresses = {}}), ca_file, "localhost").value().body ==
               "over TLS");
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate_is_accepted_where_the_operator_named_it) {
    auto const own = self_signed();
    BOOST_TEST(ask(own, dir.write("own.pem", own.pem)).value().body == "over TLS");
    check_words(refusal(own), fault::unavailable, "does not trust who signed it (self-signed certificate)");
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
    check_words(refusal(ca.issue({.begins = -48h, .ends = -1h})), fault::unavailable,
                "it has expired (certificate has expired)");
    check_words(refusal(ca.issue({.begins = 1h, .ends = 2h})), fault::unavailable, "it is not valid yet");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused) {
    check_words(refusal(ca.issue({.names = {"moesif.example"}, .addresses = {"127.0.0.2"}})), fault::unavailable,
                "it is for another host (IP address mismatch)");
    check_words(refusal(ca.issue({.names = {"moesif.example"}}), "localhost"), fault::unavailable,
                "it is for another host (hostname mismatch)");
    // A name that looks like the address is no address.
    check_words(refusal(ca.issue({.names = {"127.0.0.1"}, .addresses = {}})), fault::unavailable,
                "it is for another host");
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_not_trusted) {
    authority const other{"somebody else"};
    check_words(refusal(other.issue()), fault::unavailable, "does not trust who signed it");
    authority const namesake;
    check_words(refusal(namesake.issue()), fault::unavailable, "does not trust who signed it");
    auto const answer = ask(ca.issue(), "");
    BOOST_REQUIRE(!answer);
    check_words(answer.error(), fault::unavailable, "the certificate of 127.0.0.1:");
}

BOOST_AUTO_TEST_CASE(a_refused_certificate_sees_no_request) {
    scripted_server server{{.tls = self_signed()}};
    desk d{options_for(server.url(), ca_file)};
    d.fails();
    BOOST_TEST(server.connections() == 1U);
    BOOST_TEST(server.requests().empty());
}

BOOST_AUTO_TEST_CASE(plain_http_behind_https_is_named) {
    scripted_server server;
    desk d{options_for("https://127.0.0.1:" + std::to_string(server.port()), ca_file)};
    check_words(d.fails(), fault::unavailable, "answers, but not with TLS");
}

BOOST_AUTO_TEST_CASE(tls_behind_plain_http_is_named) {
    scripted_server server{{.tls = ca.issue()}};
    desk d{options_for("http://127.0.0.1:" + std::to_string(server.port()))};
    auto const e = d.fails();
    BOOST_CHECK(e.kind == fault::unavailable);
    BOOST_TEST(
        (e.what.find("is not HTTP/1.1") != std::string::npos || e.what.find("without an answer") != std::string::npos),
        e.what);
}

BOOST_AUTO_TEST_CASE(a_file_of_anchors_that_cannot_be_read_is_told_and_not_passed_over) {
    for (auto const& file : {(dir / "missing.pem").string(), dir.write("empty.pem", "no certificate")}) {
        auto const answer = ask(ca.issue(), file);
        BOOST_REQUIRE(!answer);
        check_words(answer.error(), fault::invalid, file);
    }
}

// A record holds 16,384 bytes: the second answer begins the next one, which comes with it.
BOOST_AUTO_TEST_CASE(an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one_over_tls_either) {
    scripted_server server{{.tls = ca.issue()}};
    desk d{options_for(server.url(), ca_file)};
    std::size_t answers = 0;
    for (std::size_t const first_bytes : {16'384U, 2 * 16'384U, 1'000U}) {
        std::string first = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(first_bytes - 100) + "\r\nX-Fill: ";
        first += std::string(100 - first.size() - 4, 'x') + "\r\n\r\n" + std::string(first_bytes - 100, 'y');
        server.answer(
            scripted_answer::bytes(first + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale", afterwards::go_on));
        server.answer({.body = "fresh"});
        auto const before = server.connections();
        BOOST_TEST(d.must().body.size() == first_bytes - 100);
        // What is still under way when the next request goes out cannot be told from its answer.
        BOOST_REQUIRE(server.wait_for_answers(++answers));
        BOOST_TEST(d.must().body == "fresh");
        BOOST_REQUIRE(server.wait_for_answers(++answers));
        BOOST_TEST(server.connections() - before <= 2U);
    }
}

BOOST_AUTO_TEST_CASE(tls_connections_are_kept_and_replaced_like_plain_ones) {
    scripted_server server{{.tls = ca.issue()}};
    desk d{options_for(server.url(), ca_file)};
    std::string const large(300'000, 'x');
    server.always({.body = large, .framing = framing::chunked, .encoding = encoding::gzip});
    for (int i = 0; i < 5; ++i) BOOST_TEST((d.must(post(large)).body == large));
    BOOST_TEST(server.connections() == 1U);
    server.drop_connections();
    BOOST_TEST((d.must(post(large)).body == large));
    server.answer(scripted_answer::dropped());
    d.must(post(large));
    BOOST_TEST(server.connections() == 3U);
    BOOST_TEST(server.requests().size() == 8U);
    server.answer({.body = large, .body_bytes = 100, .then = afterwards::close});
    check_words(d.fails(), fault::unavailable, "within its answer");
    // Without TLS's own end nobody knows whether that was all.
    server.answer({.body = large, .framing = framing::until_close, .body_bytes = 100});
    check_words(d.fails(), fault::unavailable, "within its answer");
}

BOOST_AUTO_TEST_SUITE_END()
