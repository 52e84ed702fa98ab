#include "traitsync/store/codec.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

#include "traitsync/core/error.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::diff;

known value(std::string text, std::uint64_t trigger = 0) {
    auto const full = std::hash<std::string>{}(text) | 1U;
    return {known::form::value, full, trigger ? trigger : full, std::move(text)};
}

// Whether two accounts are told apart by nothing that the file keeps.
void check_same(account const& a, account const& b) {
    BOOST_TEST((a.last_id == b.last_id));
    BOOST_TEST(a.last_timestamp == b.last_timestamp);
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const& x = a.slots[i];
        auto const& y = b.slots[i];
        BOOST_TEST(x.wanted.same(y.wanted));
        BOOST_TEST(x.wanted.trigger == y.wanted.trigger);
        BOOST_TEST(x.baseline.same(y.baseline));
        BOOST_TEST(x.baseline.trigger == y.baseline.trigger);
        BOOST_TEST(x.acknowledged.same(y.acknowledged));
        BOOST_TEST(x.in_flight.has_value() == y.in_flight.has_value());
        BOOST_TEST(x.text_of(x.baseline) == y.text_of(y.baseline));
        BOOST_TEST(x.text_of(x.acknowledged) == y.text_of(y.acknowledged));
        BOOST_TEST(x.offered_at == y.offered_at);
        BOOST_TEST(x.acknowledged_at == y.acknowledged_at);
        BOOST_TEST((x.offered_in == y.offered_in));
        BOOST_TEST((x.acknowledged_in == y.acknowledged_in));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_AUTO_TEST_CASE(a_ledger_comes_back_as_it_was_stored) {
    std::mt19937 random{7};
    for (int round = 0; round < 500; ++round) {
        account a;
        for (auto& s : a.slots) {
            auto const pick = [&] {
                switch (random() % 5) {
                    case 0:
                        return known{};
                    case 1:
                        return known::null_value();
                    default:
                        return value(std::string(1 + random() % 3, static_cast<char>('a' + random() % 3)),
                                     random() % 2 ? 9 : 0);
                }
            };
            s.set_wanted(pick());
            if (random() % 2) s.set_baseline(pick(), 1000 + random() % 3, make_message_id(from_millis(5), {}));
            if (random() % 2) s.set_acknowledged(pick(), 2000, make_message_id(from_millis(5), {}));
            if (random() % 7 == 0) s.in_flight = value("flight");
            auto const none = [](known const& k) { return k.state == known::form::none; };
            if (none(s.wanted) && none(s.baseline) && none(s.acknowledged) && !s.in_flight) s = {};
        }
        if (round % 2) a.last_id = make_message_id(from_millis(77), {});
        a.last_timestamp = 1'790'000'000'000 + round;
        std::string bytes;
        store::encode_ledger(bytes, a);
        account b;
        store::decode_ledger(bytes, b);
        for (std::size_t i = 0; i < trait_count; ++i) b.slots[i].wanted.text = a.slots[i].wanted.text;
        check_same(a, b);
        std::string again;
        store::encode_ledger(again, b);
        BOOST_TEST(again == bytes);
    }
}

BOOST_AUTO_TEST_CASE(a_ledger_in_step_with_segment_keeps_no_text_and_few_bytes) {
    account a;
    auto const id = make_message_id(from_millis(5), {});
    for (auto& s : a.slots) {
        s.set_wanted(value(std::string(300, 'x')));
        s.set_baseline(s.wanted, 5, id);
        s.set_acknowledged(s.wanted, 6, id);
    }
    a.last_id = id;
    std::string bytes;
    store::encode_ledger(bytes, a);
    BOOST_TEST(bytes.size() < 300U);
}

BOOST_AUTO_TEST_CASE(a_source_comes_back_as_it_was_stored) {
    store::source_view s;
    s.texts[0] = "\"id\"";
    s.texts[13] = "{\"a\":1}";
    s.context = "\"ip\":\"192.0.2.1\"";
    s.rest = "{\"x\":1}";
    std::string bytes;
    store::encode_source(bytes, s);
    auto const back = store::decode_source(bytes);
    BOOST_TEST(back.texts[0] == s.texts[0]);
    BOOST_TEST(back.texts[1].empty());
    BOOST_TEST(back.texts[13] == s.texts[13]);
    BOOST_TEST(back.context == s.context);
    BOOST_TEST(back.rest == s.rest);
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_stored_form_is_noticed) {
    account a;
    a[trait::email].set_wanted(value("\"a\""));
    a[trait::email].set_baseline(value("\"b\""), 5, make_message_id(from_millis(5), {}));
    std::string bytes;
    store::encode_ledger(bytes, a);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        account b;
        BOOST_CHECK_THROW(store::decode_ledger(std::string_view{bytes}.substr(0, n), b), damaged_content);
    }
}

BOOST_AUTO_TEST_SUITE_END()
