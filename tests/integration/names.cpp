// Name servers that are silent: what has nothing to do with that name goes on, and a stop is a stop.

#include "operator.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;

struct unnamed : test::operated {
    unnamed() { environment["LD_PRELOAD"] = TS_NAME_SHIM; }

    void moesif_hangs() {
        environment["TRAITSYNC_MOESIF_URL"] = "http://moesif.hangs.test:1/v1";
        environment["TRAITSYNC_MOESIF_ALLOW_INSECURE"] = "true";
        environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    }
    bool is_pulling() const { return test::text_at(get("/v1/status").at("moesif"), "state") == "pulling"; }
    void segment_at(std::string const& host) {
        environment["TRAITSYNC_SEGMENT_URL"] = fmt::format("http://{}:{}", host, segment.port());
        environment["TRAITSYNC_SEGMENT_ALLOW_INSECURE"] = "true";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(names, unnamed, *boost::unit_test::precondition(test::preloads))

BOOST_AUTO_TEST_CASE(while_moesifs_name_hangs_segment_is_found_and_gets_what_waits) {
    put_users(3, "x");
    start();
    settle();
    post("/v1/pause", R"({"scope":"deliver"})", 200);
    put_users(3, "y");
    pull();
    BOOST_TEST(queue("waiting") == 3);
    stop();
    moesif_hangs();
    segment_at("segment.works.test");
    start();
    eventually("Moesif asked for", [&] { return is_pulling(); });
    post("/v1/resume", R"({"scope":"all"})", 200);
    eventually("empty queue", [&] { return queue("waiting") == 0 && queue("offered") == 0; });
    BOOST_TEST(trait_of(0, "metadata") == R"({"plan":"y"})");
}

BOOST_AUTO_TEST_CASE(a_stop_does_not_wait_for_a_name_and_the_store_is_closed_in_order) {
    moesif_hangs();
    segment_at("segment.hangs.test");
    environment["TRAITSYNC_ADMIN_STOP_TIMEOUT"] = "1s";
    start();
    eventually("asked for", [&] { return is_pulling(); });
    auto const ended = service->stop(5s);
    BOOST_REQUIRE(ended.has_value());
    BOOST_TEST(ended->code == 0);
    start();
    service->signal(SIGTERM);
    BOOST_TEST(service->wait(5s).has_value());
    BOOST_TEST(!test::has(service->errors(), "recovered"), service->errors());
}

BOOST_AUTO_TEST_CASE(a_check_does_not_wait_longer_than_its_time_out) {
    moesif_hangs();
    environment["TRAITSYNC_MOESIF_TIMEOUT"] = "1s";
    auto const checked = test::run(options({"check", "--online"}));
    BOOST_TEST(checked.state.code == 3);
    BOOST_TEST(test::has(checked.errors, "the name moesif.hangs.test was not found in time"), checked.errors);
}

BOOST_AUTO_TEST_SUITE_END()
