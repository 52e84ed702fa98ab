#include "../../../src/admin/gate.hpp"

#include <boost/test/unit_test.hpp>

namespace {
using namespace traitsync;
using namespace traitsync::admin;

config::admin_settings settings() {
    config::admin_settings s;
    s.token = secret{"the-admin-token"};
    s.viewer_token = secret{"the-viewer-token"};
    return s;
}

int status(gate const& g, std::string host, std::optional<std::string> origin = {}, std::string local = "127.0.0.1") {
    request_head head;
    head.host = std::move(host);
    head.origin = std::move(origin);
    head.local_address = std::move(local);
    auto const wrong = g.check_names(head);
    return wrong ? wrong->status : 200;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(gate_of_the_api)

BOOST_AUTO_TEST_CASE(loopback_names_with_the_port_are_ours_and_others_are_not) {
    gate const g{settings(), "127.0.0.1", "8737"};
    for (auto const* ours : {"127.0.0.1:8737", "localhost:8737", "LOCALHOST:8737", "[::1]:8737"})
        BOOST_TEST(status(g, ours) == 200, ours);
    for (auto const* other :
         {"evil.com:8737", "127.0.0.1:80", "127.0.0.1", "localhost", "localhost:8737.evil.com", "", "10.0.0.1:8737"}) {
        BOOST_TEST(status(g, other) == 421, other);
    }
}

BOOST_AUTO_TEST_CASE(the_address_that_was_connected_to_is_ours_but_no_name_for_it) {
    gate const g{settings(), "0.0.0.0", "8737"};
    BOOST_TEST(status(g, "192.0.2.7:8737", {}, "192.0.2.7") == 200);
    BOOST_TEST(status(g, "192.0.2.8:8737", {}, "192.0.2.7") == 421);
    BOOST_TEST(status(g, "[2001:db8::1]:8737", {}, "2001:db8::1") == 200);
    BOOST_TEST(status(g, "rebound.example.com:8737", {}, "192.0.2.7") == 421);
}

BOOST_AUTO_TEST_CASE(the_public_address_is_ours_with_and_without_its_port) {
    auto s = settings();
    s.public_url = "https://Sync.Example.com";
    gate const g{s, "127.0.0.1", "8737"};
    BOOST_TEST(status(g, "sync.example.com") == 200);
    BOOST_TEST(status(g, "sync.example.com:443") == 200);
    BOOST_TEST(status(g, "sync.example.com", "https://sync.example.com") == 200);
    BOOST_TEST(status(g, "sync.example.com", "http://sync.example.com") == 403);
}

BOOST_AUTO_TEST_CASE(requests_of_other_pages_are_refused) {
    gate const g{settings(), "127.0.0.1", "8737"};
    BOOST_TEST(status(g, "localhost:8737", "http://localhost:8737") == 200);
    for (auto const* other : {"http://localhost:8738", "https://localhost:8737", "null", "http://evil.com",
                              "http://localhost:8737.evil.com", ""}) {
        BOOST_TEST(status(g, "localhost:8737", other) == 403, other);
    }
}

BOOST_AUTO_TEST_CASE(a_unix_socket_needs_no_name_of_ours) {
    gate const g{settings(), "", ""};
    BOOST_TEST(status(g, "localhost", {}, "") == 200);
    BOOST_TEST(status(g, "anything", {}, "") == 200);
    BOOST_TEST(status(g, "localhost", "http://evil.com", "") == 403);
}

BOOST_AUTO_TEST_CASE(only_whole_tokens_count) {
    gate const g{settings(), "127.0.0.1", "8737"};
    BOOST_TEST((g.role_of("Bearer the-admin-token") == role::admin));
    BOOST_TEST((g.role_of("bearer  the-admin-token") == role::admin));
    BOOST_TEST((g.role_of("Bearer the-viewer-token") == role::viewer));
    for (auto const* wrong : {"", "Bearer", "Bearer ", "the-admin-token", "Basic the-admin-token",
                              "Bearer the-admin-toke", "Bearer the-admin-token2", "Bearer THE-ADMIN-TOKEN"}) {
        BOOST_TEST((g.role_of(wrong) == role::nobody), wrong);
    }
    auto s = settings();
    s.viewer_token = secret{};
    BOOST_TEST((gate{s, "127.0.0.1", "1"}.role_of("Bearer ") == role::nobody), "an empty viewer token opens nothing");
}

BOOST_AUTO_TEST_SUITE_END()
