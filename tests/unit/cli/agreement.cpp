// Where two folders that may not see each other must mean the same.

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include "traitsync/net/http.hpp"
#include "traitsync/profile/trait.hpp"

using namespace traitsync;
using namespace traitsync::cli::test;

namespace {

config::load_result load_text(folder const& f, std::string const& text) {
    config::sources from;
    from.file = f.write("t.toml", text);
    from.environment = {{"TRAITSYNC_MOESIF_TOKEN", "a.moesif.token"},
                        {"TRAITSYNC_SEGMENT_WRITE_KEY", "0123456789abcdefghijABCDEFGHIJKL"}};
    return config::load(from);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(agreement)

BOOST_AUTO_TEST_CASE(every_trait_takes_a_policy_and_no_other_name_does) {
    folder const f;
    std::string text = "[traits.policy]\n";
    for (std::size_t i = 0; i < profile::trait_count; ++i) {
        text += std::string{profile::name_of(profile::trait_at(i))} + " = \"always\"\n";
    }
    auto const loaded = load_text(f, text);
    BOOST_REQUIRE(loaded.has_value());
    for (auto const& [path, chosen] : loaded->values.traits.policies) {
        auto const head = path.substr(0, path.find('.'));
        BOOST_TEST(profile::trait_named(head).has_value(), path);
    }
    BOOST_TEST(!load_text(f, "[traits.policy]\nphone = \"always\"\n"));
}

BOOST_AUTO_TEST_CASE(an_address_that_the_configuration_takes_is_usable) {
    folder const f;
    std::vector<std::string> const hosts{"moesif.example",
                                         "a_b.example",
                                         "-x",
                                         "localhost:80",
                                         "127.0.0.1:9500",
                                         "[::1]:1",
                                         "[::ffff:1.2.3.4]",
                                         "h:65535",
                                         "h:00080",
                                         "h:",
                                         "h:0",
                                         "h:x",
                                         "h:99999999999",
                                         "[::1",
                                         "a..b",
                                         "xn--bcher-kva.example",
                                         "h%41",
                                         "h|i",
                                         "h@i",
                                         "[v1.x]",
                                         ""};
    std::vector<std::string> const paths{
        "",     "/",    "/v1",       "/v1/",    "//",  "/a%20b", "/a%2", "/a b", "/a|b", "/{x}", "/~'!$&()*+,;=:@",
        "/a?b", "/a#b", "/\xc3\xa9", "/a\\\\b", "/a^b"};
    std::size_t taken = 0;
    for (auto const& host : hosts) {
        for (auto const& path : paths) {
            auto const url = "https://" + host + path;
            auto const loaded = load_text(f, "[moesif]\nurl = \"" + url + "\"\n[segment]\nurl = \"" + url + "\"\n");
            if (!loaded) continue;
            ++taken;
            BOOST_TEST(net::parse_url(loaded->values.moesif.url).has_value(), loaded->values.moesif.url);
            BOOST_TEST(net::parse_url(loaded->values.segment.url).has_value(), loaded->values.segment.url);
        }
    }
    BOOST_TEST(taken > 50U);
}

BOOST_AUTO_TEST_CASE(plain_http_is_taken_only_where_the_client_sees_loopback_too) {
    folder const f;
    for (auto const* host : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[0::1]", "10.0.0.1", "[::2]", "127.1",
                             "localhost.example"}) {
        auto const url = "http://" + std::string{host};
        auto const loaded = load_text(f, "[moesif]\nurl = \"" + url + "\"\n");
        if (loaded) BOOST_TEST(net::parse_url(url)->is_loopback(), url);
    }
}

BOOST_AUTO_TEST_SUITE_END()
