// What is taken out beside sources and ledgers once a policy hides more.
#include "traitsync/store/clear_text.hpp"

#include "queue_fixture.hpp"

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

BOOST_AUTO_TEST_SUITE_END()
