#include "traitsync/alert/webhook.hpp"

#include <boost/test/unit_test.hpp>

#include "traitsync/core/sha256.hpp"

using namespace traitsync;

BOOST_AUTO_TEST_SUITE(alert_webhook)

BOOST_AUTO_TEST_CASE(an_address_may_hold_a_user_a_path_and_a_query) {
    auto const a = alert::parse_webhook("https://who:p%40ss@Hooks.Example:8443/services/T0/B0/?key=x@y:z").value();
    BOOST_TEST(a.origin.authority() == "hooks.example:8443");
    BOOST_TEST(a.target == "/services/T0/B0/?key=x@y:z");
    BOOST_TEST(a.authorization == "Basic " + base64("who:p@ss"));
    auto const plain = alert::parse_webhook("http://127.0.0.1:9000").value();
    BOOST_TEST(plain.target == "/");
    BOOST_TEST(plain.authorization.empty());
    BOOST_TEST(alert::parse_webhook("https://h.example/a@b").value().authorization.empty());
    BOOST_TEST(alert::parse_webhook("https://h.example?k=1").value().target == "/?k=1");
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_repeated) {
    for (auto const* text :
         {"hooks.example/geheim", "ftp://hooks.example/geheim", "http://hooks.example/geheim",
          "https://hooks.example/#geheim", "https:///geheim", "https://a:geheim@", "https://h:99999/geheim"}) {
        auto const a = alert::parse_webhook(text);
        BOOST_REQUIRE_MESSAGE(!a, text);
        BOOST_TEST(a.error().what.starts_with("alerts.webhook_url "), a.error().what);
        BOOST_TEST(a.error().what.find("geheim") == std::string::npos, a.error().what);
    }
}

// printf '%s' '1700000000.{"id":"x"}' | openssl dgst -sha256 -hmac 'a-secret'
BOOST_AUTO_TEST_CASE(the_signature_is_what_openssl_computes) {
    BOOST_TEST(alert::signature_of(secret{"a-secret"}, 1'700'000'000, R"({"id":"x"})") ==
               "sha256=eb880bebf21d2390c958651c8dd95ba2ff51076d399ace768ba3f8c91d0c492e");
}

BOOST_AUTO_TEST_SUITE_END()
