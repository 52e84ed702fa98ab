// What was taken out of rows must not stay in the room between them: SQLite leaves copies in pages that it fills anew
// while they grow.

#include <fstream>
#include <iterator>

#include "changing.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::test;

struct grown_store : changing {
    static constexpr int users = 3000;

    std::string files() const {
        std::string all;
        for (auto const* name : {"store.db", "store.db-wal"}) {
            std::ifstream file{folder / name, std::ios::binary};
            all.append(std::istreambuf_iterator<char>{file}, {});
        }
        return all;
    }
    long times(std::string const& text) const {
        auto const all = files();
        long n = 0;
        for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++n;
        return n;
    }
    void put_all(int round) {
        for (int i = round % 2; i < users; i += 1 + (round > 0)) {
            put(i,
                fmt::format(R"(,"name":"name {0} {1}","metadata":{{"plan":"pro {1}","ssn":"ssn-{0:05}","more":"{2}"}})",
                            i, round, std::string(static_cast<std::size_t>(i * 7 + round * 50) % 900, 'x')));
        }
    }
    // Rows of changing sizes, so that pages are split and filled anew.
    void grow() {
        environment["TRAITSYNC_SEGMENT_RATE_LIMIT"] = "0";
        environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "0";
        put_all(0);
        start();
        settle();
        for (int round = 1; round < 4; ++round) {
            put_all(round);
            pull();
            quiet();
        }
        BOOST_REQUIRE(times("ssn-") > users);
    }
    void scrubbed() const {
        eventually("scrubbed", [&] { return number("SELECT count(*) FROM meta WHERE key LIKE 'strip%'") == 0; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(old_values, grown_store)

BOOST_AUTO_TEST_CASE(what_a_policy_hides_stands_nowhere_in_the_files_once_it_was_taken_out) {
    grow();
    change({{policy, "metadata.ssn=never"}});
    quiet();
    scrubbed();
    BOOST_TEST(times("ssn-") == 0);
    BOOST_TEST(has(service->errors(), "store_rewritten"));
    // The store is as it was.
    BOOST_TEST(number("PRAGMA auto_vacuum") == 2);
    BOOST_TEST(number("PRAGMA page_size") == 16384);
    auto const before = segment.counts().messages;
    pull("full");
    quiet();
    BOOST_TEST(segment.counts().messages == before);
    put(1, R"(,"name":"another")");
    pull();
    quiet();
    BOOST_TEST(trait_of(1, "name") == "\"another\"");
}

BOOST_AUTO_TEST_CASE(of_forgotten_people_nothing_stays_between_the_rows_of_others) {
    grow();
    constexpr int forgotten = 40;
    for (int i = 0; i < forgotten; ++i) post("/v1/profiles/" + user_key(i * 70) + "/forget", "{}", 200);
    scrubbed();
    // Of so few the chance that one is left is small: that the pages were written anew is what keeps the promise.
    BOOST_TEST(has(service->errors(), "store_rewritten"));
    for (int i = 0; i < forgotten; ++i) BOOST_TEST(times(fmt::format("ssn-{:05}", i * 70)) == 0);
    BOOST_TEST(times("ssn-00001") > 0);
}

BOOST_AUTO_TEST_SUITE_END()
