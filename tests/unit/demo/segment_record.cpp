#include <boost/test/unit_test.hpp>

#include "segment_fixture.hpp"

namespace traitsync::demo::test {

BOOST_FIXTURE_TEST_SUITE(segment_record, segment_fixture)

BOOST_AUTO_TEST_CASE(traits_merge_at_the_top_level_and_keep_their_text) {
    send({message("m1", "u", R"({"a":1.50,"b":{"x":1,"y":2},"c":"z","d":12345678901234567890123})")});
    send({message("m2", "u", R"({"b": {"x":3}, "c":null})")});
    auto const state = service.state_of("u");
    BOOST_TEST_REQUIRE(state.has_value());
    BOOST_TEST((*state == std::map<std::string, std::string>{
                              {"a", "1.50"}, {"b", R"({"x":3})"}, {"c", "null"}, {"d", "12345678901234567890123"}}));
    BOOST_TEST(!service.state_of("v"));
    BOOST_TEST(service.user_ids() == std::vector<std::string>{"u"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(repeats_of_the_same_bytes_are_counted_and_are_no_violation) {
    service.script({segment_fault::answer_lost});
    auto const text = message("m1", "u");
    send({text});
    send({message("n1", "v"), text});
    auto const counts = service.counts();
    BOOST_TEST(counts.messages == 3U);
    BOOST_TEST(counts.distinct_messages == 2U);
    BOOST_TEST(counts.repeats == 1U);
    BOOST_TEST(counts.violations == 0U);
    auto const arrivals = service.messages_of("u");
    BOOST_TEST_REQUIRE(arrivals.size() == 1U);
    BOOST_TEST(arrivals[0].message_id == "m1");
    BOOST_TEST(arrivals[0].attempts == 2U);
    BOOST_TEST(arrivals[0].accepted == 2U);
}

BOOST_AUTO_TEST_CASE(one_id_with_two_contents_is_a_violation) {
    send({message("m1", "u", R"({"a":1})")});
    send({message("m1", "u", R"({"a": 1})")});
    BOOST_TEST_REQUIRE(service.violations().size() == 1U);
    BOOST_TEST(service.violations()[0] == "message m1 of user u came with two contents");
    BOOST_TEST(service.counts().violations == 1U);
}

BOOST_AUTO_TEST_CASE(contents_are_compared_over_attempts_that_were_not_accepted) {
    service.script({segment_fault::server_error});
    send({message("m1", "u", R"({"a":1})")});
    send({message("m1", "u", R"({"a":2})")});
    BOOST_TEST(service.counts().violations == 1U);
}

BOOST_AUTO_TEST_CASE(a_smaller_id_after_a_larger_one_was_accepted_is_a_violation_new_or_repeated) {
    send({message("m2", "u")});
    send({message("m4", "u")});
    send({message("m2", "u")});
    send({message("m3", "u")});
    send({message("m1", "v")});
    BOOST_TEST_REQUIRE(service.violations().size() == 2U);
    BOOST_TEST(service.violations()[0] == "message m2 of user u came again after m4 was accepted");
    BOOST_TEST(service.violations()[1] == "message m3 of user u came for the first time after m4 was accepted");
}

BOOST_AUTO_TEST_CASE(a_message_that_overtakes_an_unanswered_one_of_its_user_is_a_violation) {
    service.script({segment_fault::unavailable});
    send({message("m1", "u"), message("n1", "v")});
    send({message("n2", "v")});
    send({message("m1", "u")});
    send({message("m2", "u")});
    BOOST_TEST_REQUIRE(service.violations().size() == 1U);
    BOOST_TEST(service.violations()[0] == "message n2 of user v came before n1 was answered");
}

BOOST_AUTO_TEST_CASE(a_message_refused_alone_is_answered_and_the_next_may_come) {
    service.set_faults({.refuse_users_with = "evil"});
    send({message("m1", "evil"), message("n1", "v")});
    send({message("n1", "v")});
    send({message("m1", "evil")});
    service.set_faults({});
    send({message("m2", "evil"), message("n2", "v")});
    BOOST_TEST(service.violations().empty());
    BOOST_TEST(service.messages_of("evil").size() == 2U);
    BOOST_TEST(service.messages_of("evil")[0].attempts == 2U);
    BOOST_TEST(service.messages_of("evil")[0].accepted == 0U);
}

BOOST_AUTO_TEST_CASE(two_messages_of_a_user_in_one_batch_are_a_violation) {
    send({message("m1", "u"), message("m2", "u")});
    BOOST_TEST(service.counts().violations == 1U);
    service.forget();
    BOOST_TEST(service.counts().violations == 0U);
    send({message("m1", "u"), message("m1", "v")});
    BOOST_TEST(service.violations()[0] == "message m1 came for two users");
}

BOOST_AUTO_TEST_CASE(messages_that_change_nothing_are_counted) {
    send({message("m1", "u", R"({"a":1,"b":2})")});
    send({message("m2", "u", R"({"b":2})")});
    send({message("m3", "u", R"({"b":2,"a":3})")});
    BOOST_TEST(service.counts().unchanged_messages == 1U);
}

BOOST_AUTO_TEST_CASE(bodies_are_kept_when_asked_for) {
    segment_service keeping{{.record = recording::bodies}};
    raw_client client{keeping.port()};
    auto const text = message("m1", "u", R"({"a" : "\u00e9"})");
    client.exchange("POST", "/v1/batch", headers, batch({text}));
    BOOST_TEST_REQUIRE(keeping.messages_of("u").size() == 1U);
    BOOST_TEST(keeping.messages_of("u")[0].body == text);
}

BOOST_AUTO_TEST_CASE(recording_ends_at_its_bound_and_says_so) {
    segment_service bounded{{.max_recorded = 2}};
    raw_client client{bounded.port()};
    client.exchange("POST", "/v1/batch", headers, batch({message("m1", "a"), message("m2", "b"), message("m3", "c")}));
    client.exchange("POST", "/v1/batch", headers, batch({message("m4", "a")}));
    BOOST_TEST(bounded.counts().overflowed);
    BOOST_TEST(bounded.counts().messages == 4U);
    BOOST_TEST(bounded.counts().distinct_messages == 2U);
}

BOOST_AUTO_TEST_CASE(a_waiter_sees_the_moment) {
    BOOST_TEST(
        !service.wait_for(std::chrono::milliseconds{1}, [](segment_counts const& c) { return c.messages == 1; }));
    send({message("m1", "u")});
    BOOST_TEST(service.wait_for(std::chrono::seconds{5}, [](segment_counts const& c) { return c.messages == 1; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace traitsync::demo::test
