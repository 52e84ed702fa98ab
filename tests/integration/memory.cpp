// Memory does not grow with the number of profiles.
#include "operator.hpp"
#include "traitsync/demo/population.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;

// The most that a first sync and a full pass over so many profiles needed.
std::uint64_t peak_of(std::size_t users) {
    test::operated d;
    demo::population const people{{.users = users, .companies = users / 100, .odd_share = 0.0}};
    d.moesif.set_generated_users(demo::generated_users(people));
    d.moesif.set_generated_companies(demo::generated_companies(people));
    demo::segment_options uncounted;
    uncounted.record = demo::recording::off;
    demo::segment_service segment{uncounted};
    d.environment["TRAITSYNC_SEGMENT_URL"] = segment.url();
    d.environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1000";
    d.start();
    d.eventually(
        "all delivered", [&] { return segment.counts().messages == users; }, 180s);
    d.settle();
    d.pull("full");
    auto const peak = d.service->peak_resident_bytes();
    d.stop();
    return peak;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

// Both stores are larger than the page cache, which a sanitizer's program would take too long for.
BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_number_of_profiles,
                     *boost::unit_test::precondition(test::preloads)) {
    auto const few = peak_of(25'000), many = peak_of(75'000);
    BOOST_TEST_MESSAGE(few << " bytes for 25,000 profiles, " << many << " for 75,000");
    BOOST_TEST(many < few + few / 10);
    BOOST_TEST(many < 150'000'000U);
}

// A page of twenty is in memory whole, but never as many users as are read together of the usual size.
BOOST_AUTO_TEST_CASE(memory_stays_bounded_where_many_documents_are_large,
                     *boost::unit_test::precondition(test::preloads)) {
    constexpr int users = 150;
    test::operated d;
    d.environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "20";
    auto const put_all = [&](int version) {
        for (int i = 0; i < users; ++i)
            d.put(i, fmt::format(R"(,"name":"{0}","metadata":{{"b":"{1}","v":{0}}})", version,
                                 std::string(1'000'000, 'q')));
    };
    put_all(1);
    d.start();
    d.eventually(
        "too large", [&] { return d.queue("dead") == users && d.queue("waiting") == 0; }, 60s);
    put_all(2);
    d.pull();
    d.eventually(
        "sent", [&] { return d.queue("waiting") == 0 && d.queue("offered") == 0; }, 60s);
    d.post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
    d.post("/v1/dead-letters/retry", R"({"all":true})", 200);
    d.eventually(
        "again", [&] { return d.queue("waiting") == 0 && d.queue("offered") == 0; }, 60s);
    auto const peak = d.service->peak_resident_bytes();
    BOOST_TEST_MESSAGE(peak << " bytes");
    BOOST_TEST(peak < 160'000'000U);
    d.stop();
}

// A document that is too large is set aside as it is; of twenty of them a list shows one after the other.
BOOST_AUTO_TEST_CASE(memory_stays_bounded_where_what_is_set_aside_is_large,
                     *boost::unit_test::precondition(test::preloads)) {
    constexpr int documents = 20;
    test::operated d;
    d.environment["TRAITSYNC_MOESIF_PAGE_SIZE"] = "1";
    for (int i = 0; i < documents; ++i)
        d.moesif.put_user(fmt::format("large{}", i), "[\"" + std::string(6'000'000, 'q') + "\"]", ++d.clock);
    d.start();
    d.eventually(
        "set aside", [&] { return test::number_at(d.get("/v1/status").at("moesif"), "quarantined") == documents; },
        60s);
    int seen = 0;
    for (std::string cursor = "?limit=500"; !cursor.empty();) {
        auto const page = d.get("/v1/quarantine" + cursor);
        BOOST_TEST(page.at("items").as_array().size() == 1U, "more than a megabyte");
        seen += static_cast<int>(page.at("items").as_array().size());
        auto const& next = page.at("next_cursor");
        cursor = next.is_null() ? "" : "?limit=500&cursor=" + test::text_at(page, "next_cursor");
    }
    BOOST_TEST(seen == documents);
    auto const peak = d.service->peak_resident_bytes();
    BOOST_TEST_MESSAGE(peak << " bytes");
    BOOST_TEST(peak < 120'000'000U);
    d.stop();
}

BOOST_AUTO_TEST_SUITE_END()
