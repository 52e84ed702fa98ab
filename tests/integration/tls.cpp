// HTTPS to both services: what is accepted, what is refused in plain words, and that it goes on by itself.

#include "operator.hpp"
#include "support/tls_front.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::text_at;

struct over_tls : test::operated {
    test::authority ca;
    test::tls_front moesif_front{moesif.port(), ca.issue()};
    test::tls_front segment_front{segment.port(), ca.issue()};

    over_tls() {
        environment["SSL_CERT_FILE"] = folder.write("ca.pem", ca.pem());
        environment["TRAITSYNC_MOESIF_URL"] = moesif_front.url("/v1");
        environment["TRAITSYNC_SEGMENT_URL"] = segment_front.url();
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    }
    // Shows the certificates that must not be accepted one after the other, each until its words stand in `last_error`.
    void refuses_in_turn(test::tls_front& front, char const* service) const {
        auto const says = [&](char const* words) {
            eventually(std::string{service} + ": " + words, [&] {
                auto const status = get("/v1/status");
                return text_at(status.at(service), "last_error").find(words) != std::string::npos &&
                       text_at(status.at(service), "state") == "retrying" && text_at(status, "state") == "degraded";
            });
        };
        says("another host");
        front.show(ca.issue({.begins = -48h, .ends = -1h}));
        says("it has expired");
        front.show(test::self_signed());
        says("does not trust who signed it");
    }
};

test::certificate_options another_host() { return {.names = {"elsewhere.example"}, .addresses = {}}; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(over_https, over_tls)

BOOST_AUTO_TEST_CASE(both_services_are_reached_over_https_with_compressed_bodies) {
    environment["TRAITSYNC_SEGMENT_GZIP"] = "true";
    demo::moesif_faults packed;
    packed.requests_per_minute = 0;
    packed.gzip = true;
    moesif.set_faults(packed);
    put_users(120, "x");
    once_well();
    BOOST_TEST(segment.counts().distinct_messages == 120U);
    BOOST_TEST(trait_of(7, "metadata") == R"({"plan":"x"})");
    BOOST_TEST(segment_front.shaken() > 0U);
    BOOST_TEST(segment_front.accepted() <= 4U, "connections are kept");
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_moesif_with_a_wrong_certificate_is_told_nothing_and_read_when_it_is_put_right) {
    put_users(3, "x");
    moesif_front.show(ca.issue(another_host()));
    start();
    refuses_in_turn(moesif_front, "moesif");
    BOOST_TEST(moesif.counts().exchanges() == 0U);
    BOOST_TEST(moesif_front.shaken() == 0U);
    moesif_front.show(ca.issue());
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 3U);
}

BOOST_AUTO_TEST_CASE(a_segment_with_a_wrong_certificate_is_told_nothing_and_gets_all_when_it_is_put_right) {
    put_users(3, "x");
    segment_front.show(ca.issue(another_host()));
    start();
    refuses_in_turn(segment_front, "segment");
    BOOST_TEST(segment.counts().requests == 0U);
    BOOST_TEST(segment_front.shaken() == 0U);
    segment_front.show(ca.issue());
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 3U);
    eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
}

BOOST_AUTO_TEST_SUITE_END()
