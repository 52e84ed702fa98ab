#include "../../../src/net/request_head.hpp"

#include <boost/test/unit_test.hpp>

using namespace traitsync;

namespace {

net::url origin() { return net::parse_url("https://api.example/v1").value(); }

std::shared_ptr<std::string const> body_of(std::string text) {
    return std::make_shared<std::string const>(std::move(text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_head)

BOOST_AUTO_TEST_CASE(a_request_is_written_in_one_form) {
    net::request get;
    get.target = "/v1/search?app_id=198%3A3";
    get.headers = {{"Accept", "application/json"}};
    BOOST_TEST(net::request_head(get, origin(), "traitsync/1").value() ==
               "GET /v1/search?app_id=198%3A3 HTTP/1.1\r\nHost: api.example\r\nAccept: application/json\r\n"
               "User-Agent: traitsync/1\r\nAccept-Encoding: gzip, deflate\r\n\r\n");

    net::request post;
    post.method = "POST";
    post.headers = {{"user-agent", "mine"}, {"ACCEPT-ENCODING", "identity"}};
    post.body = body_of("{}");
    BOOST_TEST(net::request_head(post, origin(), "traitsync/1").value() ==
               "POST / HTTP/1.1\r\nHost: api.example\r\nuser-agent: mine\r\nACCEPT-ENCODING: identity\r\n"
               "Content-Length: 2\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_post_without_a_body_says_so) {
    net::request post;
    post.method = "POST";
    BOOST_TEST(net::request_head(post, origin(), "").value().ends_with("Content-Length: 0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(headers_that_are_ours_are_not_taken_from_the_caller) {
    net::request r;
    r.headers = {{"host", "evil"}, {"Content-length", "5"}, {"CONNECTION", "close"}};
    BOOST_TEST(net::request_head(r, origin(), "").value() ==
               "GET / HTTP/1.1\r\nHost: api.example\r\nAccept-Encoding: gzip, deflate\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(nothing_can_break_out_of_its_place_in_the_head) {
    for (auto const* value : {"sesame\r\nX: y", "sesame\n", "ses\tame", "sesame\x7f"}) {
        net::request r;
        r.headers = {{"Authorization", value}};
        auto const refused = net::request_head(r, origin(), "");
        BOOST_REQUIRE(!refused);
        BOOST_CHECK(refused.error().kind == fault::invalid);
        BOOST_TEST(refused.error().what.find("sesame") == std::string::npos);
        BOOST_TEST(refused.error().what.find("Authorization") != std::string::npos);
    }
    for (auto const* name : {"", "X Y", "X:", "X\r\n"}) {
        net::request r;
        r.headers = {{name, "v"}};
        BOOST_TEST(!net::request_head(r, origin(), ""));
    }
    for (auto const* target : {"v1", "/a b", "/a\r\n", "/\xc3\xa9", "http://evil/"}) {
        net::request r;
        r.target = target;
        BOOST_TEST(!net::request_head(r, origin(), ""), target);
    }
    for (auto const* method : {"", "GET ", "G\r\nET"}) {
        net::request r;
        r.method = method;
        BOOST_TEST(!net::request_head(r, origin(), ""));
    }
}

BOOST_AUTO_TEST_SUITE_END()
