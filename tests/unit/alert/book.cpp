#include "traitsync/alert/book.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

using namespace traitsync;
using namespace std::chrono_literals;
using alert::condition;

namespace {

// A book, a service whose state the test sets, and a clock.
struct desk {
    alert::book book{"0.1.0"};
    alert::observation seen;

    desk() {
        seen.at = from_millis(1'700'000'000'000);
        seen.now = steady_time{} + 1h;
        seen.state = "running";
        seen.pulling_proved = seen.delivery_proved = true;
    }
    void set(condition c, std::string const& code) {
        seen.codes[static_cast<std::size_t>(c)] = {code};
        seen.causes = {{code, "words about " + code, seen.at}};
        seen.state = c == condition::blocked ? "blocked" : "degraded";
    }
    void clear(condition c) {
        seen.codes[static_cast<std::size_t>(c)].clear();
        seen.causes.clear();
        seen.state = "running";
    }
    bool after(std::chrono::milliseconds step) {
        seen.now += step;
        seen.at += step;
        return book.observe(seen);
    }
    // The events in the book; they are delivered.
    std::vector<std::string> events() {
        std::vector<std::string> out;
        while (!book.pending().empty()) {
            auto const body = boost::json::parse(book.pending().front().body);
            auto text = std::string{body.at("event").as_string()};
            if (text == "recovered") text += " " + std::string{body.at("condition").as_string()};
            out.push_back(text);
            book.delivered();
        }
        return out;
    }
    void restart() {
        auto const text = book.text();
        book = alert::book{"0.1.0"};
        book.load(text);
        seen.pulling_proved = seen.delivery_proved = false;
    }
};

using list = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alert_book, desk)

BOOST_AUTO_TEST_CASE(each_change_is_announced_once) {
    BOOST_TEST(!after(1s));
    set(condition::blocked, "segment_blocked");
    BOOST_TEST(after(1s));
    for (int i = 0; i < 20; ++i) BOOST_TEST(!after(1s));
    clear(condition::blocked);
    BOOST_TEST(after(1s));
    BOOST_TEST(!after(1s));
    BOOST_TEST(events() == (list{"blocked", "recovered blocked"}), boost::test_tools::per_element());
    set(condition::held, "held");
    after(1s);
    clear(condition::held);
    set(condition::dead_letters, "dead_letters");
    after(1s);
    BOOST_TEST(events() == (list{"held", "recovered held", "dead_letters"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_retry_that_soon_succeeds_is_no_news_and_neither_is_a_pause_between_failures) {
    for (int i = 0; i < 10; ++i) {
        set(condition::degraded, "segment_retrying");
        after(2s);
        after(2s);
        clear(condition::degraded);
        after(500ms);
        if (i == 0) BOOST_TEST(book.pending().empty());
    }
    BOOST_TEST(book.pending().empty());
    set(condition::degraded, "segment_retrying");
    after(1s);
    after(3s);
    clear(condition::degraded);
    after(2s);
    set(condition::degraded, "segment_retrying");
    after(2s);
    clear(condition::degraded);
    after(2s);
    BOOST_TEST(events() == list{"degraded"}, boost::test_tools::per_element());
    after(4s);
    BOOST_TEST(events() == list{"recovered degraded"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_restart_repeats_nothing_and_silence_after_it_is_no_recovery) {
    set(condition::blocked, "moesif_blocked");
    after(1s);
    auto const id = book.pending().front().id;
    auto const body = book.pending().front().body;
    restart();
    BOOST_TEST(book.pending().size() == 1U);
    BOOST_CHECK(book.pending().front().id == id);
    BOOST_TEST(book.pending().front().body == body);
    // Not asked yet after the start: still blocked as far as anybody knows.
    clear(condition::blocked);
    seen.delivery_proved = true;
    for (int i = 0; i < 5; ++i) BOOST_TEST(!after(1s));
    set(condition::blocked, "moesif_blocked");
    BOOST_TEST(!after(1s));
    clear(condition::blocked);
    seen.pulling_proved = true;
    BOOST_TEST(after(1s));
    BOOST_TEST(events() == (list{"blocked", "recovered blocked"}), boost::test_tools::per_element());
    restart();
    BOOST_TEST(!after(1s));
}

BOOST_AUTO_TEST_CASE(every_cause_since_the_beginning_must_be_gone_after_a_restart) {
    set(condition::blocked, "moesif_blocked");
    after(1s);
    set(condition::blocked, "segment_blocked");
    BOOST_TEST(after(1s), "the second cause is kept");
    restart();
    clear(condition::blocked);
    seen.pulling_proved = true;
    after(1s);
    BOOST_TEST(events() == list{"blocked"}, boost::test_tools::per_element());
    seen.delivery_proved = true;
    after(1s);
    BOOST_TEST(events() == list{"recovered blocked"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(further_dead_letters_are_told_at_most_once_an_hour) {
    set(condition::dead_letters, "dead_letters");
    seen.deaths = 3;
    after(1s);
    for (int i = 0; i < 100; ++i) {
        ++seen.deaths;
        after(59s);
    }
    BOOST_TEST(events() == (list{"dead_letters", "dead_letters"}), boost::test_tools::per_element());
    after(2h);
    BOOST_TEST(events().size() == 1U);
    after(2h);
    BOOST_TEST(events().empty(), "none since");
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_away_for_long_finds_the_first_and_the_newest_and_how_many_are_missing) {
    for (int i = 0; i < 150; ++i) {
        set(condition::held, "held");
        after(1s);
        clear(condition::held);
        after(1s);
    }
    BOOST_TEST(book.pending().size() == 100U);
    auto const last = boost::json::parse(book.pending().back().body);
    BOOST_TEST(std::string{last.at("event").as_string()} == "recovered");
    BOOST_TEST(last.at("left_out").as_int64() == 200);
    std::optional<message_id> before;
    for (auto const& a : book.pending()) {
        if (before) BOOST_CHECK(*before < a.id);
        before = a.id;
    }
}

BOOST_AUTO_TEST_CASE(ids_grow_though_the_clock_goes_back) {
    set(condition::held, "held");
    after(1s);
    auto const first = book.pending().front().id;
    restart();
    seen.at -= 48h;
    clear(condition::held);
    after(1s);
    BOOST_REQUIRE(book.pending().size() == 2U);
    BOOST_CHECK(first < book.pending().back().id);
}

BOOST_AUTO_TEST_CASE(the_body_tells_what_is_wrong) {
    seen.waiting = 7;
    set(condition::blocked, "segment_blocked");
    after(0s);
    auto const body = boost::json::parse(book.pending().front().body);
    BOOST_TEST(body.at("id").as_string() == book.pending().front().id.text());
    BOOST_TEST(body.at("state").as_string() == "blocked");
    BOOST_TEST(body.at("at").as_string() == "2023-11-14T22:13:20.000Z");
    BOOST_TEST(body.at("text").as_string() == "traitsync: blocked: words about segment_blocked");
    BOOST_TEST(body.at("reasons").at(0).at("code").as_string() == "segment_blocked");
    BOOST_TEST(body.at("queue").at("waiting").as_int64() == 7);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_none_of_ours_is_as_good_as_none) {
    for (auto const* text : {"", "x", "[]", "{\"pending\":[1,{\"id\":\"x\"}],\"held\":1,\"last_id\":7}",
                             "{\"blocked\":{\"codes\":[1]}}"}) {
        alert::book b{"0.1.0"};
        b.load(text);
        BOOST_TEST(b.pending().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
