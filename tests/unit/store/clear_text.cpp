// What is taken out beside sources and ledgers once a policy hides more.
#include "traitsync/store/clear_text.hpp"

#include <fmt/core.h>

#include "queue_fixture.hpp"
#include "steps_of_sqlite.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(clear_text, queue_fixture)

BOOST_AUTO_TEST_CASE(of_an_answer_of_segment_only_its_number_stays_in_a_dead_letter) {
    for (auto const* answer : {"400 {\"error\":\"bad name Ada Secret\"}", "the trait has 40000 bytes"}) {
        auto const user = std::string{"u"} + answer[0];
        wants(user, trait::name, "\"Ada Secret\"");
        auto const offered = offer();
        BOOST_REQUIRE(offered.size() == 1U);
        session::transaction tx{*s};
        s->outbox.settle({}, std::vector<death>{{offered[0].row, diff::dead_reason::refused, answer}}, now);
        tx.commit();
    }
    {
        session::transaction tx{*s};
        begin_strip(*s, false);
        while (strip(*s, {})) {
        }
        tx.commit();
    }
    auto& db = s->file().connection();
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM bodies").getInt() == 0);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE answer LIKE '%Secret%'").getInt() == 0);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE answer = '400'").getInt() == 1);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE answer = 'the trait has 40000 bytes'").getInt() == 1);
}

// Rows of messages stay when their bodies went: a walk along them would begin with all that are done.
BOOST_AUTO_TEST_CASE(each_step_costs_the_same_however_many_were_stripped_before) {
    constexpr int many = 4000;
    auto& db = s->file().connection();
    wants("ada", trait::name, "\"Ada\"");
    db.exec(
        fmt::format("WITH RECURSIVE n (i) AS (VALUES (10) UNION ALL SELECT i + 1 FROM n WHERE i < {}) INSERT INTO "
                    "messages SELECT i, "
                    "randomblob(16), 1, 2, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, '', 0 FROM n",
                    many));
    db.exec("INSERT INTO bodies (no, body) SELECT no, 'text' FROM messages WHERE state = 2");
    begin_strip(*s, false);
    std::vector<std::int64_t> steps;
    for (bool more = true; more;) {
        steps_of_sqlite const counted{db};
        session::transaction tx{*s};
        more = strip(*s, {});
        tx.commit();
        steps.push_back(counted.count());
    }
    BOOST_REQUIRE(steps.size() > 5U);
    BOOST_TEST(steps[steps.size() - 2] < steps[1] * 2);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM bodies").getInt() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
