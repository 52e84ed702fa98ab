#include "traitsync/net/http.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace traitsync;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(every_status_has_its_fault) {
    std::set<int> const unauthorized{401, 402, 403};
    std::set<int> const misdirected{404, 405, 406, 407};
    std::set<int> const again{408, 410, 425, 460};
    for (int status = 200; status < 600; ++status) {
        auto const e = net::fault_of({.status = status}, "Moesif");
        if (status < 300) {
            BOOST_TEST(!e.has_value(), status);
            continue;
        }
        BOOST_REQUIRE_MESSAGE(e.has_value(), status);
        auto const expected = status < 400 || misdirected.contains(status) ? fault::misdirected
                              : unauthorized.contains(status)              ? fault::unauthorized
                              : again.contains(status) || status >= 500    ? fault::unavailable
                              : status == 413                              ? fault::too_large
                              : status == 429                              ? fault::throttled
                                                                           : fault::invalid;
        BOOST_TEST(name_of(e->kind) == name_of(expected), status);
        BOOST_TEST(e->http_status == status);
        BOOST_TEST(e->what.starts_with("Moesif answered " + std::to_string(status)));
    }
}

BOOST_AUTO_TEST_CASE(the_wait_that_was_asked_for_is_kept) {
    auto const e = net::fault_of({.status = 429, .retry_after = 17s}, "Moesif");
    BOOST_CHECK(e->retry_after == 17s);
    BOOST_TEST(e->what.find("17 s") != std::string::npos);
    auto const endless = net::fault_of({.status = 429, .retry_after = 10'000'000s}, "Moesif");
    BOOST_TEST(endless->what == "Moesif answered 429: it asks for fewer requests, after 300 s (it asks for longer)");
    BOOST_TEST(net::fault_of({.status = 429, .retry_after = 300s}, "Moesif")->what ==
               "Moesif answered 429: it asks for fewer requests, after 300 s");
    BOOST_CHECK(net::fault_of({.status = 503, .retry_after = 3s}, "Moesif")->retry_after == 3s);
    BOOST_CHECK(!net::fault_of({.status = 503}, "Moesif")->retry_after);
}

BOOST_AUTO_TEST_CASE(the_words_hold_the_start_of_the_answer_as_one_printable_line) {
    auto const e =
        net::fault_of({.status = 400, .body = "\r\n{\"error\":\n\t\"no\x1b[31m such \xc3\xa9 \xff key\"}\0"}, "Moesif");
    BOOST_TEST(e->what == "Moesif answered 400: the request was refused ({\"error\": \"no [31m such key\"})");

    auto const longer = net::fault_of({.status = 400, .body = std::string(300, 'x')}, "Moesif");
    BOOST_TEST(longer->what.ends_with("(" + std::string(200, 'x') + "…)"));
    auto const exact = net::fault_of({.status = 400, .body = std::string(200, 'x') + "\n\n"}, "Moesif");
    BOOST_TEST(exact->what.ends_with("(" + std::string(200, 'x') + ")"));
    auto const blank = net::fault_of({.status = 400, .body = "\n \t"}, "Moesif");
    BOOST_TEST(blank->what.ends_with("refused"));
}

BOOST_AUTO_TEST_CASE(the_answer_is_kept_up_to_two_kilobytes_and_cut_between_characters) {
    BOOST_TEST(net::fault_of({.status = 400, .body = "why"}, "Moesif")->answer == "why");
    BOOST_TEST(net::fault_of({.status = 400, .body = std::string(5000, 'x')}, "Moesif")->answer.size() == 2048U);
    auto const cut = net::fault_of({.status = 400, .body = std::string(2047, 'x') + "\xc3\xa9tail"}, "Moesif");
    BOOST_TEST(cut->answer == std::string(2047, 'x'));
}

BOOST_AUTO_TEST_CASE(a_redirect_is_named_without_what_may_be_secret) {
    auto const words = [](std::string location) {
        return net::fault_of({.status = 302, .location = std::move(location)}, "Moesif")->what;
    };
    BOOST_TEST(words("https://login.example/x?token=sesame").ends_with(", to https://login.example/x"));
    for (auto const* hidden : {"", "https://ada:sesame@login.example/", "/a\nsesame", "?sesame"}) {
        BOOST_TEST(words(hidden) == words(""));
    }
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_out_wherever_it_stands) {
    auto const redacted = [](std::string text, std::string_view hidden) {
        net::redact(text, hidden);
        return text;
    };
    BOOST_TEST(redacted("sesame, open sesame!sesamesesame", "sesame") == "***, open ***!******");
    BOOST_TEST(redacted("nothing here", "sesame") == "nothing here");
    BOOST_TEST(redacted("nothing here", "") == "nothing here");
    BOOST_TEST(redacted("**", "*") == "******");
    // Where a text was cut.
    BOOST_TEST(redacted("open opensesam", "opensesame") == "open ***");
    BOOST_TEST(redacted("openses", "opensesame") == "***");
    BOOST_TEST(redacted("it is open", "opensesame") == "it is open");
}

BOOST_AUTO_TEST_SUITE_END()
