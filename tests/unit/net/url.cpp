#include <boost/test/unit_test.hpp>

#include "traitsync/net/http.hpp"

using namespace traitsync;

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(an_address_is_taken_apart) {
    struct row {
        std::string text, origin, authority, path;
    };
    row const rows[]{
        {"https://api.moesif.com/v1", "https://api.moesif.com:443", "api.moesif.com", "/v1"},
        {"https://api.segment.io", "https://api.segment.io:443", "api.segment.io", ""},
        {"https://api.segment.io/", "https://api.segment.io:443", "api.segment.io", ""},
        {"http://localhost:9500/api/v1/", "http://localhost:9500", "localhost:9500", "/api/v1"},
        {"http://localhost:80", "http://localhost:80", "localhost", ""},
        {"https://h:80", "https://h:80", "h:80", ""},
        {"https://h:00443/a%20b//", "https://h:443", "h", "/a%20b"},
        {"HTTPS://API.Example.COM/V1", "https://api.example.com:443", "api.example.com", "/V1"},
        {"https://[::1]:8443/x", "https://[::1]:8443", "[::1]:8443", "/x"},
        {"https://[2001:db8::1]", "https://[2001:db8::1]:443", "[2001:db8::1]", ""},
        {"https://h//", "https://h:443", "h", ""},
        {"http://127.0.0.1:8080/v1", "http://127.0.0.1:8080", "127.0.0.1:8080", "/v1"},
        {"https://1.2.3.4.example/v1", "https://1.2.3.4.example:443", "1.2.3.4.example", "/v1"},
        {"https://9.example", "https://9.example:443", "9.example", ""},
    };
    for (auto const& r : rows) {
        auto const u = net::parse_url(r.text);
        BOOST_REQUIRE_MESSAGE(u.has_value(), r.text);
        BOOST_TEST(u->origin() == r.origin);
        BOOST_TEST(u->authority() == r.authority);
        BOOST_TEST(u->path == r.path);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_usable_address_is_refused_in_words_that_do_not_repeat_it) {
    for (std::string const text : {"",
                                   "api.example",
                                   "//api.example",
                                   "ftp://api.example",
                                   "https://",
                                   "https:///v1",
                                   "https://h:0",
                                   "https://h:65536",
                                   "https://h:99999999999999999999",
                                   "https://h:x",
                                   "https://h/a b",
                                   "https://h?sesame=1",
                                   "https://h/#sesame",
                                   "https://[::1",
                                   "https://[v1.sesame]",
                                   "https://h%41",
                                   "https://ada:sesame@h/v1",
                                   "https://sesame@h",
                                   "https://1sesame@h",
                                   "https://ada:ses ame@h"}) {
        auto const u = net::parse_url(text);
        BOOST_REQUIRE_MESSAGE(!u, text);
        BOOST_CHECK(u.error().kind == fault::invalid);
        BOOST_TEST(u.error().what.find("sesame") == std::string::npos);
        BOOST_TEST(u.error().what.find("expected https://host") != std::string::npos);
    }
    BOOST_TEST(net::parse_url("https://ada:sesame@h/v1").error().what.find("user name or password") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(plain_http_is_for_this_machine_unless_the_operator_allows_more) {
    for (auto const* text :
         {"http://localhost", "http://LOCALHOST:1", "http://127.0.0.1:9500", "http://127.9.9.9", "http://[::1]"}) {
        BOOST_TEST(net::checked_url(text, false, "moesif").has_value(), text);
    }
    for (auto const* text : {"http://moesif.example", "http://10.0.0.1", "http://[::2]", "http://127.1",
                             "http://localhost.example", "http://127.0.0.1.example"}) {
        auto const refused = net::checked_url(text, false, "moesif");
        BOOST_REQUIRE_MESSAGE(!refused, text);
        BOOST_TEST(refused.error().what.find("moesif.allow_insecure") != std::string::npos);
        BOOST_TEST(net::checked_url(text, true, "moesif").has_value(), text);
    }
    BOOST_TEST(net::checked_url("https://moesif.example", false, "moesif").has_value());
    BOOST_TEST(net::checked_url("what", true, "segment").error().what.starts_with("segment.url: "));
}

BOOST_AUTO_TEST_CASE(a_path_segment_is_encoded_but_for_unreserved_characters) {
    BOOST_TEST(net::encode_segment("usr_000001-A.b~") == "usr_000001-A.b~");
    BOOST_TEST(net::encode_segment("auth0|ada/lovelace?x=1#y%+ &") == "auth0%7Cada%2Flovelace%3Fx%3D1%23y%25%2B%20%26");
    BOOST_TEST(net::encode_segment("ada@example.com") == "ada%40example.com");
    BOOST_TEST(net::encode_segment("\xc3\xa9\r\n") == "%C3%A9%0D%0A");
    BOOST_TEST(net::encode_segment(std::string_view{"\0", 1}) == "%00");
    BOOST_TEST(net::encode_segment("..") == "%2E%2E");
    BOOST_TEST(net::encode_segment(".") == "%2E");
    BOOST_TEST(net::encode_segment("...") == "...");
}

BOOST_AUTO_TEST_SUITE_END()
