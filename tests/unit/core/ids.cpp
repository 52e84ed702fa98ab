#include "traitsync/core/ids.hpp"
#include "traitsync/core/error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>
#include <vector>

using namespace traitsync;

namespace {

constexpr std::int64_t t0 = 1'777'593'600'000;

bool is_uuid_v7(message_id const& id) { return id.bytes[6] >> 4 == 7 && id.bytes[8] >> 6 == 2; }

message_id id_of(char const* text) { return message_id::parse(text).value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(message_ids)

BOOST_AUTO_TEST_CASE(an_id_carries_its_time_and_version) {
    auto const id = make_message_id(from_millis(t0), std::nullopt);
    BOOST_TEST(id.millis() == t0);
    BOOST_TEST(is_uuid_v7(id));
    auto const text = id.text();
    BOOST_TEST(text.size() == 36U);
    BOOST_TEST(text.substr(0, 15) == "019de0d5-c800-7");
    BOOST_TEST(text.find_first_not_of("0123456789abcdef-") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_text_of_an_id_is_read_back) {
    auto const id = make_message_id(from_millis(t0), std::nullopt);
    BOOST_TEST((message_id::parse(id.text()) == id));
    auto const known = id_of("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");  // the example of RFC 9562
    BOOST_TEST(known.text() == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    BOOST_TEST(known.millis() == 0x017f22e279b0);
}

BOOST_AUTO_TEST_CASE(what_is_no_uuid_is_no_message_id) {
    for (auto const* text :
         {"", "017f22e2", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
          "017f22e279b0-7cc3-98c4-dc0c0c07398f-", "017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
          "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}"}) {
        BOOST_TEST_CONTEXT(text) { BOOST_TEST(!message_id::parse(text).has_value()); }
    }
}

BOOST_AUTO_TEST_CASE(a_new_id_is_larger_than_the_one_before_in_the_same_millisecond) {
    auto last = make_message_id(from_millis(t0), std::nullopt);
    for (int i = 0; i < 10'000; ++i) {
        auto const next = make_message_id(from_millis(t0), last);
        BOOST_TEST_REQUIRE((next > last));
        BOOST_TEST_REQUIRE((next.text() > last.text()));
        BOOST_TEST_REQUIRE(is_uuid_v7(next));
        last = next;
    }
    BOOST_TEST(last.millis() >= t0 + 2);  // 4,096 a millisecond at most
    BOOST_TEST(last.millis() <= t0 + 10);
}

BOOST_AUTO_TEST_CASE(a_new_id_is_larger_also_when_the_clock_went_back) {
    auto const last = make_message_id(from_millis(t0), std::nullopt);
    for (std::int64_t const now : {t0 - 1, t0 - 86'400'000, std::int64_t{0}, std::int64_t{-5}}) {
        auto const next = make_message_id(from_millis(now), last);
        BOOST_TEST((next > last));
        BOOST_TEST(next.millis() == t0);
    }
}

BOOST_AUTO_TEST_CASE(the_clock_leads_again_once_it_is_ahead) {
    auto const last = make_message_id(from_millis(t0), std::nullopt);
    BOOST_TEST(make_message_id(from_millis(t0 + 1), last).millis() == t0 + 1);
}

BOOST_AUTO_TEST_CASE(a_full_counter_borrows_from_the_next_millisecond) {
    auto const full = id_of("019de5a3-4800-7fff-bfff-ffffffffffff");
    auto const next = make_message_id(from_millis(full.millis()), full);
    BOOST_TEST(next.millis() == full.millis() + 1);
    BOOST_TEST((next > full));
    auto const almost = id_of("019de5a3-4800-7ffe-bfff-ffffffffffff");
    BOOST_TEST(make_message_id(from_millis(0), almost).text().substr(0, 18) == "019de5a3-4800-7fff");
}

BOOST_AUTO_TEST_CASE(an_id_of_another_kind_is_overtaken_too) {
    for (auto const* text : {"019de5a3-4800-4fff-bfff-ffffffffffff", "019de5a3-4800-f000-ffff-ffffffffffff",
                             "019de5a3-4800-8001-0000-000000000000", "00000000-0000-0000-0000-000000000000"}) {
        auto const after = id_of(text);
        auto const next = make_message_id(from_millis(1), after);
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST((next > after));
            BOOST_TEST(is_uuid_v7(next));
        }
    }
}

BOOST_AUTO_TEST_CASE(times_beyond_48_bits_are_clamped_and_the_last_id_has_no_successor) {
    auto const id = make_message_id(from_millis(std::int64_t{1} << 60), std::nullopt);
    BOOST_TEST(id.millis() == (std::int64_t{1} << 48) - 1);
    BOOST_CHECK_THROW(make_message_id(from_millis(0), id_of("ffffffff-ffff-7fff-bfff-ffffffffffff")), broken_invariant);
}

BOOST_AUTO_TEST_CASE(ids_made_at_once_in_many_threads_are_distinct) {
    std::vector<std::vector<message_id>> made(4);
    std::vector<std::thread> threads;
    for (auto& list : made) {
        threads.emplace_back([&list] {
            for (int i = 0; i < 5'000; ++i) list.push_back(make_message_id(from_millis(t0), std::nullopt));
        });
    }
    for (auto& t : threads) t.join();
    std::set<message_id> all;
    for (auto const& list : made) all.insert(list.begin(), list.end());
    BOOST_TEST(all.size() == 20'000U);
}

BOOST_AUTO_TEST_SUITE_END()
