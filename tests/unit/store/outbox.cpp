// The queue on a real SQLite file: what diff/life decides survives closing and opening.
#include "traitsync/store/outbox.hpp"

#include <SQLiteCpp/Database.h>
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::store;
using diff::message_state;
using profile::trait;

constexpr std::int64_t t0 = 1'790'000'000'000;

// Bodies that tests can read: user, then traits; a trait whose text begins with "big" fits no message, and two parts
// are made when a text begins with "half".
struct plain_writer final : message_writer {
    plan cut(draft const& d) override {
        plan p;
        profile::trait_set first, second;
        for (auto const& [name, text] : d.traits) {
            if (text.starts_with("\"big")) {
                p.too_large.push_back({name, "too large"});
            } else if (text.starts_with("\"half")) {
                second.add(name);
            } else {
                first.add(name);
            }
        }
        if (!first.empty()) p.parts.push_back(first);
        if (!second.empty()) p.parts.push_back(second);
        return p;
    }
    void write(std::string& out, draft const& d, profile::trait_set traits, message_id const&) override {
        out += std::string{d.user} + ":";
        for (auto const& [name, text] : d.traits) {
            if (traits.has(name)) out += std::string{profile::name_of(name)} + "=" + std::string{text} + ";";
        }
    }
};

struct fixture {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ts-outbox-" + std::to_string(::getpid()));
    std::unique_ptr<session> s;
    plain_writer writer;
    diff::diff_rules rules;
    std::int64_t now = t0;

    fixture() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        open();
    }
    ~fixture() {
        s.reset();
        std::filesystem::remove_all(folder);
    }
    void open() {
        s.reset();
        auto db = database::open((folder / "store.db").string());
        BOOST_REQUIRE_MESSAGE(db.has_value(), (db.has_error() ? db.error().what : ""));
        s = std::make_unique<session>(std::move(*db));
    }
    void wants(std::string const& user, trait t, std::string const& text) {
        session::transaction tx{*s};
        auto row = s->profiles.user_by_id(user);
        if (!row) {
            user_row fresh{.user_id = user, .doc_id = user, .seen_at = now};
            fresh.no = s->profiles.add(fresh);
            row = fresh;
        }
        auto a = s->accounts.load(row->no, user, false);
        if (auto const source = s->profiles.source(row->no)) set_wanted_texts(a, source->data);
        profile::mapped_trait m;
        m.state = profile::mapped_trait::form::value;
        m.text = text;
        m.full = m.trigger = std::hash<std::string>{}(text) | 1U;
        diff::want(a, t, m, rules);
        diff::refresh(a, rules, {.now = ++now, .pass = 1});
        source_view view;
        for (std::size_t i = 0; i < profile::trait_count; ++i) view.texts[i] = a.slots[i].wanted.text;
        std::string bytes;
        encode_source(bytes, view);
        s->profiles.put_source(row->no, 1, bytes);
        s->accounts.save(a);
        tx.commit();
    }
    std::vector<frozen> offer(std::size_t limit = 100, std::size_t bytes = 475'000) {
        session::transaction tx{*s};
        auto taken = s->outbox.offer(limit, bytes, writer, {rules, false}, ++now);
        tx.commit();
        return taken.messages;
    }
    std::vector<frozen> acknowledge(std::int64_t row) {
        session::transaction tx{*s};
        auto next = s->outbox.settle(std::array{row}, {}, ++now);
        tx.commit();
        return next;
    }
    std::int64_t count(message_state state) {
        BOOST_TEST(s->accounts.counts()[state] == s->accounts.count_state(state),
                   "the counts in memory follow the table");
        return s->accounts.counts()[state];
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbox, fixture)

BOOST_AUTO_TEST_CASE(the_oldest_messages_are_offered_first_and_one_a_user) {
    wants("ada", trait::email, "\"a\"");
    wants("bob", trait::email, "\"b\"");
    wants("ada", trait::name, "\"Ada\"");
    auto const messages = offer();
    BOOST_REQUIRE(messages.size() == 2U);
    BOOST_TEST(messages[0].body == "ada:name=\"Ada\";email=\"a\";");
    wants("ada", trait::name, "\"Eve\"");
    BOOST_TEST(offer().empty());
    BOOST_TEST(count(message_state::waiting) == 1);
    BOOST_TEST(count(message_state::offered) == 2);
    acknowledge(messages[0].row);
    auto const next = offer();
    BOOST_REQUIRE(next.size() == 1U);
    BOOST_TEST(next[0].body == "ada:name=\"Eve\";");
}

BOOST_AUTO_TEST_CASE(what_was_offered_comes_back_with_the_same_bytes_after_a_restart) {
    wants("ada", trait::email, "\"a\"");
    auto const before = offer();
    wants("ada", trait::email, "\"b\"");
    open();
    BOOST_TEST(s->file().was_unclean());
    auto const after = s->outbox.unanswered(0, 10);
    BOOST_REQUIRE(after.size() == 1U);
    BOOST_TEST(after[0].row == before[0].row);
    BOOST_TEST(after[0].body == before[0].body);
    BOOST_TEST(offer().empty());
}

BOOST_AUTO_TEST_CASE(a_batch_takes_no_more_bytes_than_it_may) {
    for (int i = 0; i < 10; ++i) wants("user" + std::to_string(i), trait::email, "\"0123456789\"");
    auto const messages = offer(100, 60);
    BOOST_TEST(messages.size() == 2U);
    BOOST_TEST(count(message_state::waiting) == 8);
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_split_message_go_one_after_the_other_after_a_restart_too) {
    wants("ada", trait::email, "\"half\"");
    wants("ada", trait::name, "\"Ada\"");
    wants("ada", trait::metadata, "\"big\"");
    auto const first = offer();
    BOOST_REQUIRE(first.size() == 1U);
    BOOST_TEST(first[0].body == "ada:name=\"Ada\";");
    BOOST_TEST(count(message_state::dead) == 1);
    BOOST_TEST(count(message_state::offered) == 2);
    open();
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 1U);
    auto const second = acknowledge(first[0].row);
    BOOST_REQUIRE(second.size() == 1U);
    BOOST_TEST(second[0].body == "ada:email=\"half\";");
    acknowledge(second[0].row);
    BOOST_TEST(count(message_state::offered) == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_twice_changes_nothing) {
    wants("ada", trait::email, "\"a\"");
    auto const messages = offer();
    acknowledge(messages[0].row);
    acknowledge(messages[0].row);
    BOOST_TEST(count(message_state::offered) == 0);
    BOOST_TEST(!s->outbox.has_unsent());
}

BOOST_AUTO_TEST_CASE(a_rolled_back_step_leaves_no_trace) {
    wants("ada", trait::email, "\"a\"");
    {
        session::transaction tx{*s};
        BOOST_TEST(s->outbox.offer(10, 1000, writer, {rules, false}, now).messages.size() == 1U);
    }
    BOOST_TEST(count(message_state::waiting) == 1);
    BOOST_TEST(count(message_state::offered) == 0);
    BOOST_TEST(s->outbox.history_bytes() == 0);
}

BOOST_AUTO_TEST_CASE(a_held_pass_waits_over_a_restart_for_release_or_discard) {
    for (int i = 0; i < 5; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    {
        session::transaction tx{*s};
        while (s->outbox.hold_pass(1, 2)) {
        }
        tx.commit();
    }
    BOOST_TEST(count(message_state::held) == 5);
    open();
    BOOST_TEST(offer().empty());
    {
        session::transaction tx{*s};
        s->outbox.release_held(2);
        while (s->outbox.discard_held(2, rules, now)) {
        }
        tx.commit();
    }
    BOOST_TEST(count(message_state::held) == 0);
    BOOST_TEST(offer().size() == 2U);
    wants("user4", trait::name, "\"new\"");
    BOOST_TEST(offer().front().body == "user4:name=\"new\";");
}

BOOST_AUTO_TEST_CASE(a_message_of_a_user_that_is_not_stored_is_an_error_and_not_passed_over) {
    wants("ann", trait::email, "\"a\"");
    s->file().connection().exec("DELETE FROM sources");
    BOOST_CHECK_THROW(offer(), broken_invariant);
}

// The ledger as it is stored, byte by byte.
BOOST_AUTO_TEST_CASE(an_offer_and_its_answer_stand_in_the_row_alone_until_the_row_goes) {
    wants("ann", trait::email, "\"a\"");
    auto const no = s->profiles.user_by_id("ann")->no;
    auto const ledger = [&] {
        return s->file()
            .connection()
            .execAndGet("SELECT hex(data) FROM ledgers WHERE no = " + std::to_string(no))
            .getString();
    };
    auto const state = [&] {
        auto const a = s->accounts.load(no, "ann", false);
        auto const& slot = a[trait::email];
        return std::pair{slot.baseline.same(slot.wanted), slot.acknowledged.same(slot.wanted)};
    };
    auto const before = ledger();
    now += 1000;
    auto const messages = offer();
    auto const offered_at = now;
    BOOST_TEST_REQUIRE(messages.size() == 1U);
    BOOST_TEST(ledger() == before);
    open();
    BOOST_TEST((state() == std::pair{true, false}));
    now += 1000;
    acknowledge(messages.front().row);
    auto const acknowledged_at = now;
    BOOST_TEST(ledger() == before);
    BOOST_TEST((state() == std::pair{true, true}));
    auto const seen = s->accounts.load(no, "ann", false);
    BOOST_TEST(seen[trait::email].offered_at == offered_at);
    BOOST_TEST(seen[trait::email].acknowledged_at == acknowledged_at);
    {
        session::transaction tx{*s};
        s->outbox.trim_history(now + 1, 0, 100);
        tx.commit();
    }
    BOOST_TEST(ledger() != before);
    open();
    BOOST_TEST((state() == std::pair{true, true}));
    auto const kept = s->accounts.load(no, "ann", false);
    BOOST_TEST((kept.last_id == seen.last_id && kept.last_timestamp == seen.last_timestamp));
    BOOST_TEST(kept[trait::email].acknowledged_at == acknowledged_at);
    // A value that comes meanwhile is compared with what was offered.
    wants("ann", trait::email, "\"b\"");
    offer();
    wants("ann", trait::email, "\"c\"");
    wants("ann", trait::email, "\"b\"");
    BOOST_TEST(s->accounts.load(no, "ann", false).open.size() == 1U);
    BOOST_TEST((state() == std::pair{true, false}));
}

BOOST_AUTO_TEST_CASE(answers_of_repeated_replays_stand_in_rows_and_few_of_them_at_a_time) {
    wants("ann", trait::email, "\"a\"");
    auto const no = s->profiles.user_by_id("ann")->no;
    acknowledge(offer().front().row);
    std::size_t most = 0, rewritten = 0;
    for (std::int64_t replay = 1; replay <= 12; ++replay) {
        {
            session::transaction tx{*s};
            BOOST_TEST_REQUIRE(s->outbox.mark(no, replay, profile::trait_set::all(), rules, ++now));
            tx.commit();
        }
        auto const messages = offer();
        auto const offered_at = now;
        BOOST_TEST_REQUIRE(messages.size() == 1U);
        acknowledge(messages.front().row);
        auto const a = s->accounts.load(no);
        auto const& email = a[trait::email];
        BOOST_TEST(email.offered_at == offered_at);
        BOOST_TEST(email.acknowledged_at == now);
        BOOST_TEST((email.acknowledged.same(email.wanted) && a.open.empty()));
        most = std::max(most, a.noted.size());
        rewritten += a.noted.size() == 1;
    }
    BOOST_TEST(most == 5U);
    BOOST_TEST(rewritten >= 2U);
    auto const before = s->accounts.load(no);
    {
        session::transaction tx{*s};
        s->outbox.trim_history(now + 1, 0, 100);
        tx.commit();
    }
    BOOST_TEST(s->outbox.history_bytes() == 0);
    open();
    auto const after = s->accounts.load(no);
    BOOST_TEST((after.last_id == before.last_id && after.last_timestamp == before.last_timestamp));
    BOOST_TEST(after[trait::email].acknowledged_at == before[trait::email].acknowledged_at);
    BOOST_TEST((after[trait::email].acknowledged_in == before[trait::email].acknowledged_in));
}

BOOST_AUTO_TEST_CASE(offered_messages_are_found_until_the_last_of_their_batch_is_answered) {
    for (int i = 0; i < 6; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    auto const runs = [&] { return s->file().connection().execAndGet("SELECT count(*) FROM offered_runs").getInt(); };
    auto const messages = offer(4);
    BOOST_TEST(runs() == 1);
    for (std::size_t i = 0; i < 3; ++i) acknowledge(messages[i].row);
    open();
    BOOST_TEST(runs() == 1);
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 1U);
    BOOST_TEST(count(message_state::offered) == 1);
    acknowledge(messages[3].row);
    BOOST_TEST(runs() == 0);
    // A change between two messages: their numbers are not consecutive.
    wants("user4", trait::email, "\"b\"");
    {
        session::transaction tx{*s};
        s->outbox.hold_pass(1, 1);
        tx.commit();
    }
    BOOST_TEST(offer().size() == 1U);
    open();
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(history_is_trimmed_by_age_and_by_size_and_open_messages_stay) {
    for (int i = 0; i < 10; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    auto const messages = offer();
    for (int i = 0; i < 8; ++i) acknowledge(messages[static_cast<std::size_t>(i)].row);
    auto const all = s->outbox.history_bytes();
    session::transaction tx{*s};
    BOOST_TEST(!s->outbox.trim_history(t0, all, 100));
    BOOST_TEST(s->outbox.history_bytes() == all);
    s->outbox.trim_history(t0, all / 2, 100);
    BOOST_TEST(s->outbox.history_bytes() <= all / 2);
    s->outbox.trim_history(now + 1, all, 100);
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 2U);
    BOOST_TEST(s->outbox.history_bytes() > 0);
    tx.commit();
}

BOOST_AUTO_TEST_SUITE_END()
