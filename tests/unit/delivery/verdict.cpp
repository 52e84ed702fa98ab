#include "traitsync/delivery/verdict.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace traitsync::delivery {

static std::ostream& boost_test_print_type(std::ostream& out, verdict v) { return out << name_of(v); }

namespace {
using namespace std::chrono_literals;
BOOST_AUTO_TEST_SUITE(delivery_verdict)

BOOST_AUTO_TEST_CASE(each_status_has_the_consequence_that_the_contract_names) {
    std::vector<std::pair<std::vector<int>, verdict>> const table = {
        {{200, 201, 202, 204, 299}, verdict::accepted},
        {{300, 301, 302, 304, 307, 308, 404, 405, 406, 407}, verdict::astray},
        {{401, 402, 403}, verdict::locked},
        {{408, 410, 460, 500, 501, 502, 503, 504, 505, 511, 529, 599}, verdict::failed},
        {{429}, verdict::throttled},
        {{400, 409, 411, 413, 414, 415, 418, 422, 425, 431, 451, 499}, verdict::refused},
        {{0, 100, 101, 600, 999}, verdict::failed},  // no final status of HTTP: nobody answered sensibly
    };
    for (auto const& [statuses, expected] : table) {
        for (auto const status : statuses) {
            BOOST_TEST_CONTEXT(status) BOOST_TEST(verdict_of(status) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_2xx_with_any_body_is_an_acceptance) {
    for (auto const* body : {"", "{\"success\":true}", "<html>", "{"}) {
        BOOST_TEST(judge(net::reply{.status = 200, .body = body}).what == verdict::accepted);
    }
}

BOOST_AUTO_TEST_CASE(an_error_without_an_answer_has_an_unknown_outcome) {
    auto const j = judge(error{.kind = fault::unavailable, .what = "connection refused"});
    BOOST_TEST(j.what == verdict::no_answer);
    BOOST_TEST(j.words == "connection refused");
    BOOST_TEST(judge(error{.kind = fault::too_large, .what = "answer too long"}).what == verdict::no_answer);
    BOOST_TEST(judge(error{.kind = fault::cancelled, .what = "stopping"}).what == verdict::cancelled);
    BOOST_TEST(judge(error{.kind = fault::throttled, .what = "429", .http_status = 429}).what == verdict::throttled);
}

BOOST_AUTO_TEST_CASE(what_segment_asked_to_wait_is_clamped_and_an_epoch_is_not_taken_for_a_wait) {
    struct row {
        std::optional<std::chrono::seconds> retry_after, reset, expected;
    };
    for (auto const& r : std::vector<row>{{7s, {}, 7s},
                                          {0s, {}, 1s},
                                          {-5s, {}, 1s},
                                          {3600s, {}, 300s},
                                          {7s, 20s, 7s},
                                          {{}, 20s, 20s},
                                          {{}, 300s, 300s},
                                          {{}, 0s, 1s},
                                          {{}, 301s, {}},
                                          {{}, 1'760'000'000s, {}},
                                          {{}, {}, {}}}) {
        auto const j = judge(net::reply{.status = 429, .retry_after = r.retry_after, .rate_limit_reset = r.reset});
        BOOST_TEST((j.asked == r.expected));
    }
}

BOOST_AUTO_TEST_CASE(words_name_what_to_check_and_no_secret_of_a_redirect) {
    auto const words = [](int status, std::string location = {}) {
        return judge(net::reply{.status = status, .location = std::move(location)}).words;
    };
    BOOST_TEST(words(401) == "Segment answered 401: check segment.write_key, and any proxy between");
    BOOST_TEST(words(301, "https://login.example/x?token=s3cret#s3cret") ==
               "Segment answered 301: a redirect, to https://login.example/x; check segment.url");
    BOOST_TEST(words(302, "https://user:s3cret@proxy.example/").find("s3cret") == std::string::npos);
    BOOST_TEST(words(302, "https://a.example/\n[fake]").find('\n') == std::string::npos);
    BOOST_TEST(words(407) == "Segment answered 407: a proxy between wants credentials");
    BOOST_TEST(judge(net::reply{.status = 503, .retry_after = 9s}).words == "Segment answered 503, to wait 9 s");
}

BOOST_AUTO_TEST_CASE(an_answer_is_kept_as_valid_text_of_at_most_2048_bytes) {
    BOOST_TEST(judge(net::reply{.status = 400, .body = "Bad Request"}).answer == "Bad Request");
    BOOST_TEST(answer_text(std::string(5000, 'x')) == std::string(2048, 'x'));
    // A character is not cut: 2047 + 2 bytes do not fit.
    BOOST_TEST(answer_text(std::string(2047, 'x') + "ä") == std::string(2047, 'x'));
    BOOST_TEST(answer_text("a\x1b[31m\x7f\tb\n") == "a [31m \tb\n");
    BOOST_TEST(answer_text(std::string_view{"a\0b", 3}) == "a b");
    BOOST_TEST(answer_text("ä€😀") == "ä€😀");
    for (auto const* bad : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
        auto const text = answer_text(std::string{bad} + "z");
        BOOST_TEST(text.starts_with("\xef\xbf\xbd"));
        BOOST_TEST(text.ends_with("z"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery
